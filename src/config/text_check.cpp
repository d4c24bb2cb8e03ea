#include "weir/config/text_check.h"

#include "weir/history/utf8.h"

namespace weir::config {
namespace {

bool is_white_space(std::string_view character) {
  return character == "\n" || character == "\t" || character == "\r";
}

}  // namespace

std::optional<UnfitText> find_unfit(std::string_view text) {
  Position at{1, 1};
  while (!text.empty()) {
    const std::string_view character = history::first_characters(text, 1);
    if (!history::is_utf8(character)) return UnfitText{at, "found bytes that are not UTF-8, must be UTF-8"};
    if (!is_white_space(character) && history::has_control_characters(character)) {
      return UnfitText{at, "found a control character, must be text without them"};
    }
    at = character == "\n" ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
    text.remove_prefix(character.size());
  }
  return std::nullopt;
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

}  // namespace weir::config
