#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::history {

inline constexpr std::size_t kTitleCharacters = 50;

/// What a conversation that begins with `message` may be called: its first kTitleCharacters characters, ended
/// at a word, white space and control characters made single spaces. Absent when there are no others.
/// `message` must be UTF-8.
std::optional<std::string> title_from(std::string_view message);

/// Throws Error(kInvalidArgument) naming `title` unless it is 1 to 256 bytes of UTF-8 without control
/// characters.
void check_title(std::string_view title);

}  // namespace weir::history
