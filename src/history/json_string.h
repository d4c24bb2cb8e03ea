#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::history {

/// How many bytes of `text` a JSON string holds as they are, before the first that it must escape.
std::size_t plain_prefix(std::string_view text);

/// Appends `text`, which must be UTF-8, as a JSON string.
void append_json_string(std::string& out, std::string_view text);

}  // namespace weir::history
