#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/config/problem.h"

namespace weir::config {

struct UnfitText {
  Position at;
  std::string what;
};

/// The first character that no configuration may hold: a control character, or bytes that are not UTF-8.
/// The parser would take U+0004 for the end of the text, and some bytes for a sign of another encoding.
std::optional<UnfitText> find_unfit(std::string_view text);

/// `text` less the byte order mark some editors begin a file with.
std::string_view without_byte_order_mark(std::string_view text);

}  // namespace weir::config
