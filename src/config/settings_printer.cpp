#include "weir/config/settings_printer.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "weir/config/settings_keys.h"

namespace weir::config {
namespace {

constexpr std::size_t kWidestAligned =
    50;  // a longer value pushes its own comment out, not those of its neighbours

struct Line {
  std::string text;
  std::string why;  // empty in the line that opens a map
};

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> names;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    names.push_back(path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  names.push_back(path);
  return names;
}

std::string indented(std::size_t depth, std::string_view text) {
  return std::string(2 * depth, ' ').append(text);
}

/// Lays keys out as nested maps; a map stays open while the keys that come are in it.
class Layout {
 public:
  void add(const Key& key, const Settings& settings) {
    std::vector<std::string_view> names = split(key.path);
    const std::string_view name = names.back();
    names.pop_back();
    enter(names);
    lines_.push_back({indented(names.size(), name) + ": " + key.print(settings), key.why});
  }

  void add_empty_map(std::string_view name) {
    enter({});
    lines_.push_back({std::string(name) + ": {}", ""});
  }

  std::string text() const {
    std::string text;
    for (auto line = lines_.begin(); line != lines_.end();) {
      const auto end =
          std::find_if(line, lines_.end(), [&](const Line& l) { return l.why.empty() != line->why.empty(); });
      append_run(text, {line, end});
      line = end;
    }
    return text;
  }

 private:
  void enter(const std::vector<std::string_view>& maps) {
    const auto common = std::mismatch(maps.begin(), maps.end(), open_.begin(), open_.end()).first;
    for (auto map = common; map != maps.end(); ++map) {
      lines_.push_back({indented(static_cast<std::size_t>(map - maps.begin()), *map) + ':', ""});
    }
    open_ = maps;
  }

  static void append_run(std::string& text, const std::vector<Line>& run) {
    std::size_t width = 0;
    for (const Line& line : run) {
      if (line.text.size() <= kWidestAligned) width = std::max(width, line.text.size());
    }
    for (const Line& line : run) append_line(text, line, width);
  }

  static void append_line(std::string& text, const Line& line, std::size_t width) {
    text += line.text;
    if (!line.why.empty()) {
      text.append(width - std::min(width, line.text.size()), ' ');
      text += "  # " + line.why;
    }
    text += '\n';
  }

  std::vector<Line> lines_;
  std::vector<std::string_view> open_;
};

}  // namespace

std::string print_settings(const Settings& settings) {
  Layout layout;
  for (const std::string_view section : kSections) {
    bool is_empty = true;
    for (const Key& key : settings_keys()) {
      if (!key.path.starts_with(section)) continue;
      layout.add(key, settings);
      is_empty = false;
    }
    if (is_empty) layout.add_empty_map(section);
  }
  return layout.text();
}

}  // namespace weir::config
