#include "weir/history/fixed_point.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace weir::history {
namespace {

constexpr std::int64_t kPlaces = 12;
constexpr std::int64_t kLimit = 1000 * FixedPoint::kUnit;
constexpr std::size_t kLimitDigits = 16;

/// A number as it is spelled: `digits`, the point `exponent` places to the right of their end.
struct Decimal {
  std::string digits;  // the first is not 0; empty for zero
  std::int64_t exponent = 0;
  int sign = 1;
};

/// Takes the grammar of JSON numbers from the front of a text.
class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : rest_(text) {}

  std::optional<Decimal> read() {
    Decimal decimal;
    if (take('-')) decimal.sign = -1;
    const std::string_view whole = take_digits();
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return std::nullopt;
    decimal.digits = whole;
    if (take('.') && !read_fraction(decimal)) return std::nullopt;
    if ((take('e') || take('E')) && !read_exponent(decimal)) return std::nullopt;
    if (!rest_.empty()) return std::nullopt;
    decimal.digits.erase(0, std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size()));
    return decimal;
  }

 private:
  bool take(char expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_digits() {
    const std::string_view digits =
        rest_.substr(0, std::min(rest_.find_first_not_of("0123456789"), rest_.size()));
    rest_.remove_prefix(digits.size());
    return digits;
  }

  bool read_fraction(Decimal& decimal) {
    const std::string_view fraction = take_digits();
    decimal.digits += fraction;
    decimal.exponent -= static_cast<std::int64_t>(fraction.size());
    return !fraction.empty();
  }

  bool read_exponent(Decimal& decimal) {
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    const std::string_view digits = take_digits();
    // More digits than a text can have make up for no larger exponent.
    constexpr std::int64_t kHuge = std::int64_t{1} << 60;
    std::int64_t exponent = kHuge;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    exponent = error == std::errc{} ? std::min(exponent, kHuge) : kHuge;
    decimal.exponent += is_negative ? -exponent : exponent;
    return !digits.empty();
  }

  std::string_view rest_;
};

/// Its size in units, rounded; absent when it is above kLimit.
std::optional<std::int64_t> units_of(const Decimal& decimal) {
  const std::string& digits = decimal.digits;
  if (digits.empty()) return 0;
  // How many digits stand before the point when a unit is 1.
  const std::int64_t whole = static_cast<std::int64_t>(digits.size()) + decimal.exponent + kPlaces;
  if (whole < 0) return 0;
  if (whole > static_cast<std::int64_t>(kLimitDigits)) return std::nullopt;
  const auto cut = static_cast<std::size_t>(whole);
  std::int64_t units = 0;
  for (std::size_t i = 0; i < cut; ++i) units = 10 * units + (i < digits.size() ? digits[i] - '0' : 0);
  const std::string_view rest = std::string_view(digits).substr(std::min(cut, digits.size()));
  if (units > kLimit || (units == kLimit && rest.find_first_not_of('0') != rest.npos)) return std::nullopt;
  return !rest.empty() && rest.front() >= '5' ? units + 1 : units;
}

}  // namespace

std::optional<FixedPoint> FixedPoint::parse(std::string_view number) {
  const auto decimal = NumberReader(number).read();
  if (!decimal) return std::nullopt;
  const auto units = units_of(*decimal);
  if (!units) return std::nullopt;
  return FixedPoint(decimal->sign * *units);
}

std::string FixedPoint::to_string() const {
  std::string text = units_ < 0 ? "-" : "";
  text += std::to_string(std::abs(units_ / kUnit));
  const std::string digits = std::to_string(std::abs(units_ % kUnit));
  std::string fraction = std::string(kPlaces - digits.size(), '0') + digits;
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction.empty() ? text : text.append(1, '.').append(fraction);
}

}  // namespace weir::history
