#pragma once

#include <cstddef>
#include <string_view>

namespace weir::history {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF).
bool is_utf8(std::string_view text);

/// Whether `text` holds a control character: U+0000 to U+001F, or U+007F to U+009F. `text` must be UTF-8.
bool has_control_characters(std::string_view text);

/// The first `count` characters of `text`, never splitting one. `text` must be UTF-8.
std::string_view first_characters(std::string_view text, std::size_t count);

}  // namespace weir::history
