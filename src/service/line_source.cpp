#include "weir/service/line_source.h"

#include "weir/history/error.h"

namespace weir::service {

std::optional<Line> LineSource::next() {
  while (auto line = next_raw()) {
    if (line->complaint) return line;
    if (line->text.ends_with('\r')) line->text.remove_suffix(1);
    if (line->text.find_first_not_of(" \t") != std::string_view::npos) return line;
  }
  return std::nullopt;
}

std::optional<Line> LineSource::next_raw() {
  ++number_;
  unfinished_.clear();
  is_too_long_ = false;
  do {
    const std::size_t end = chunk_.find('\n');
    const std::string_view part = chunk_.substr(0, end);
    if (end == std::string_view::npos) {
      keep(part);
      chunk_ = {};
      continue;
    }
    chunk_.remove_prefix(end + 1);
    if (unfinished_.empty() && !is_too_long_) return Line{number_, part};
    keep(part);
    return unfinished_line();
  } while (fill());
  if (unfinished_.empty() && !is_too_long_) return std::nullopt;
  return unfinished_line();
}

bool LineSource::fill() {
  try {
    chunk_ = bytes_.next();
  } catch (const history::Error& error) {
    throw history::Error(error.code(), "line " + std::to_string(number_) + ": " + error.what());
  }
  return !chunk_.empty();
}

void LineSource::keep(std::string_view part) {
  if (unfinished_.size() + part.size() > kMaxLineBytes) is_too_long_ = true;
  if (is_too_long_) {
    unfinished_.clear();
  } else {
    unfinished_ += part;
  }
}

Line LineSource::unfinished_line() const {
  if (is_too_long_) return {.number = number_, .text = {}, .complaint = "is longer than 16 MiB"};
  return {.number = number_, .text = unfinished_};
}

}  // namespace weir::service
