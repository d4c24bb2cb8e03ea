#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::history {

/// A decimal fraction with twelve digits behind the point, so that sums of decimal fractions are exact.
///
/// Thread-safety: as a value.
class FixedPoint {
 public:
  static constexpr std::int64_t kUnit = 1'000'000'000'000;

  constexpr FixedPoint() = default;
  static constexpr FixedPoint from_units(std::int64_t units) { return FixedPoint(units); }
  static constexpr FixedPoint from_ratio(std::int64_t part, std::int64_t whole) {
    return FixedPoint(part * kUnit / whole);
  }
  /// Reads a JSON number, as `0.005` or `5e-3`; what lies behind the twelfth digit is rounded, a half away
  /// from zero. Absent when it is no JSON number, or outside [-1000, 1000].
  static std::optional<FixedPoint> parse(std::string_view number);

  constexpr std::int64_t units() const { return units_; }

  /// As a JSON number, with no more digits than it needs.
  std::string to_string() const;

  friend constexpr FixedPoint operator+(FixedPoint a, FixedPoint b) {
    return FixedPoint(a.units_ + b.units_);
  }
  friend constexpr auto operator<=>(const FixedPoint&, const FixedPoint&) = default;

 private:
  explicit constexpr FixedPoint(std::int64_t units) : units_(units) {}

  std::int64_t units_ = 0;
};

}  // namespace weir::history
