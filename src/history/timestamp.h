#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::history {

/// A point in time in UTC, to the microsecond.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Reads an RFC 3339 date-time with any offset; digits past the microsecond are dropped.
/// Absent when `text` is none, or lies outside the years 0000 to 9999 in UTC. A leap second (`:60`) is the
/// second after it.
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// How long a printed timestamp is: `YYYY-MM-DDTHH:MM:SS.uuuuuuZ`.
inline constexpr std::size_t kTimestampSize = 27;

/// Prints `timestamp` to where there is room for kTimestampSize; not terminated.
void print_timestamp(char* out, Timestamp timestamp);

/// Appends what print_timestamp() prints.
void append_timestamp(std::string& out, Timestamp timestamp);

std::string format_timestamp(Timestamp timestamp);

}  // namespace weir::history
