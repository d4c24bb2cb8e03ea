#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::config {

enum class ScalarKind { kString, kNumber, kBoolean };

/// What an unquoted scalar is. Whatever any YAML version takes for a number is a number here, even one that
/// is refused (010, 0x1F, 1_000, .inf): no reader of the file shall have to guess.
ScalarKind classify(std::string_view plain);

/// Whether a number is written as JSON writes it: 8, -1, 0.5, 1e3. Only such numbers are read.
bool is_spelled_plainly(std::string_view number);

/// Absent for any other spelling, and out of range.
std::optional<double> read_number(std::string_view text);

/// A whole number, without fraction or exponent.
std::optional<std::int64_t> read_whole(std::string_view text);

}  // namespace weir::config
