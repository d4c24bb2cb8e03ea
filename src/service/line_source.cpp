#include "weir/service/line_source.h"

#include "weir/history/error.h"

namespace weir::service {
namespace {

std::string at_line(std::uint64_t number, std::string_view what) {
  return "line " + std::to_string(number) + ": " + std::string(what);
}

}  // namespace

std::optional<Line> LineSource::next() {
  while (auto text = next_raw()) {
    if (text->ends_with('\r')) text->remove_suffix(1);
    if (text->find_first_not_of(" \t") != std::string_view::npos) return Line{number_, *text};
  }
  return std::nullopt;
}

std::optional<std::string_view> LineSource::next_raw() {
  ++number_;
  unfinished_.clear();
  do {
    const std::size_t end = chunk_.find('\n');
    const std::string_view part = chunk_.substr(0, end);
    if (end == std::string_view::npos) {
      keep(part);
      chunk_ = {};
      continue;
    }
    chunk_.remove_prefix(end + 1);
    if (unfinished_.empty()) return part;
    keep(part);
    return unfinished_;
  } while (fill());
  if (unfinished_.empty()) return std::nullopt;
  return unfinished_;
}

bool LineSource::fill() {
  try {
    chunk_ = bytes_.next();
  } catch (const history::Error& error) {
    throw history::Error(error.code(), at_line(number_, error.what()));
  }
  return !chunk_.empty();
}

void LineSource::keep(std::string_view part) {
  if (unfinished_.size() + part.size() > kMaxLineBytes) {
    throw history::Error(history::ErrorCode::kInvalidArgument, at_line(number_, "is longer than 16 MiB"));
  }
  unfinished_ += part;
}

}  // namespace weir::service
