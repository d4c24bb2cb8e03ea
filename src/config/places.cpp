#include "weir/config/places.h"

#include <algorithm>

namespace weir::config {

Places::Places(std::string_view text) : text_(text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts_.push_back(i + 1);
  }
}

Position Places::position(ByteMark mark) const {
  if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= starts_.size()) return {};
  const std::string_view before =
      line(mark.line).substr(0, static_cast<std::size_t>(std::max(mark.column, 0)));
  const auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return {mark.line + 1, static_cast<int>(std::count_if(before.begin(), before.end(), is_lead)) + 1};
}

bool Places::is_indented_with_tab(Position at) const {
  if (at.line == 0) return false;
  const std::string_view text = line(at.line - 1);
  const std::size_t indent = text.find_first_not_of(' ');
  return indent != std::string_view::npos && text[indent] == '\t';
}

std::string_view Places::line(int number) const {
  return text_.substr(starts_[static_cast<std::size_t>(number)]);
}

}  // namespace weir::config
