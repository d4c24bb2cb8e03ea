#include "weir/config/yaml_loader.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "weir/config/config_file.h"
#include "weir/config/settings_reader.h"
#include "weir/config/yaml_parser.h"
#include "weir/config/yaml_text.h"

namespace weir::config {
namespace {

constexpr std::string_view kOverrideSource = "--set";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  return text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

/// Whether the whole of an unquoted value became the node's text, and nothing of it a comment or another
/// line.
bool is_whole(const Node& node, std::string_view value) {
  const std::string_view written = trimmed(value);
  switch (node.kind) {
    case NodeKind::kNull:
      return written.find('#') == std::string_view::npos;
    case NodeKind::kNumber:
      return written == node.text;
    case NodeKind::kString:
      return written == node.text || written.starts_with('"') || written.starts_with('\'');
    default:
      return true;
  }
}

/// The tree of a file that says nothing but `path`: `value`.
Node nest(std::string_view path, Node value) {
  const std::size_t dot = path.rfind('.');
  value.key = path.substr(dot == std::string_view::npos ? 0 : dot + 1);
  Node map{NodeKind::kMap};
  map.children.push_back(std::move(value));
  return dot == std::string_view::npos ? map : nest(path.substr(0, dot), std::move(map));
}

/// Gathers the settings and what is wrong with them, source by source.
class Loading {
 public:
  void read_file(const std::filesystem::path& file, IfAbsent if_absent) {
    const std::optional<std::string> text = read_config_file(file, if_absent, unread_);
    if (!text) return;
    const std::string source = file.string();
    if (const auto root = parse_yaml({source, *text}, unread_)) reader_.read({source, Outside::kWarn}, *root);
  }

  void read_override(const std::string& text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      return refuse_override({}, "found an argument without =, must be key.path=value");
    const std::string_view value = std::string_view(text).substr(equals + 1);
    const std::string key = text.substr(0, equals);
    std::vector<Problem> problems;
    const Node node = parse_yaml({kOverrideSource, value}, problems).value_or(Node{});
    if (!problems.empty()) return refuse_override(key, problems.front().what);
    if (!is_whole(node, value)) {
      return refuse_override(key, "found an unquoted value that YAML cuts short, must be in quotes");
    }
    reader_.read({std::string(kOverrideSource), Outside::kRefuse}, nest(key, node));
  }

  LoadedSettings finish() {
    reader_.check_together();
    LoadedSettings loaded{reader_.settings(), reader_.errors(), reader_.warnings()};
    loaded.errors.insert(loaded.errors.end(), unread_.begin(), unread_.end());
    const auto is_override = [](const Problem& problem) { return problem.source == kOverrideSource; };
    std::stable_sort(loaded.errors.begin(), loaded.errors.end(), [&](const Problem& a, const Problem& b) {
      return std::pair(is_override(a), a.at) < std::pair(is_override(b), b.at);
    });
    return loaded;
  }

 private:
  void refuse_override(std::string key, std::string what) {
    unread_.push_back({std::string(kOverrideSource), {}, std::move(key), std::move(what)});
  }

  SettingsReader reader_;
  std::vector<Problem> unread_;  // of what never became a tree, or a part of one
};

}  // namespace

LoadedSettings load_settings(const std::optional<std::filesystem::path>& explicit_file,
                             std::span<const std::string> overrides) {
  Loading loading;
  if (explicit_file) {
    loading.read_file(*explicit_file, IfAbsent::kProblem);
  } else {
    loading.read_file(kDefaultConfigFile, IfAbsent::kNothing);
  }
  for (const std::string& override : overrides) loading.read_override(override);
  return loading.finish();
}

std::string to_override(const StringOverride& override) {
  return std::string(override.key) + '=' + yaml_quoted(override.text);
}

}  // namespace weir::config
