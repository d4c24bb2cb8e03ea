#include "weir/config/scalar.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <system_error>

namespace weir::config {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// Takes the longest run of `allowed` off the front of `text`; how long it was.
std::size_t take(std::string_view& text, std::string_view allowed) {
  const std::size_t length = std::min(text.find_first_not_of(allowed), text.size());
  text.remove_prefix(length);
  return length;
}

/// Takes one character of `allowed` off the front of `text`, if one stands there.
bool take_one(std::string_view& text, std::string_view allowed) {
  if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

bool is_special_number(std::string_view unsigned_text) {
  constexpr std::string_view kNames[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
  return std::find(std::begin(kNames), std::end(kNames), unsigned_text) != std::end(kNames);
}

bool is_radix_number(std::string_view unsigned_text) {
  if (!take_one(unsigned_text, "0") || !take_one(unsigned_text, "xob")) return false;
  return take(unsigned_text, "0123456789abcdefABCDEF_") > 0 && unsigned_text.empty();
}

/// Takes an exponent, if one stands there; false when it is incomplete.
bool take_exponent(std::string_view& text) {
  if (!take_one(text, "eE")) return true;
  take_one(text, "+-");
  return take(text, kDigits) > 0;
}

bool is_decimal_number(std::string_view text) {
  std::size_t digits = 0;
  if (!text.empty() && text.front() != '_') digits += take(text, "0123456789_");
  if (take_one(text, ".")) digits += take(text, "0123456789_");
  return digits > 0 && take_exponent(text) && text.empty();
}

bool looks_like_number(std::string_view text) {
  take_one(text, "+-");
  return is_decimal_number(text) || is_radix_number(text) || is_special_number(text);
}

/// Takes a whole number as JSON writes it: no plus, no leading zeros.
bool take_whole(std::string_view& text) {
  take_one(text, "-");
  return take_one(text, "0") ? text.find_first_of(kDigits) != 0 : take(text, kDigits) > 0;
}

bool is_json_whole(std::string_view text) {
  return take_whole(text) && text.empty();
}

/// The value of text whose spelling was checked; absent when the type cannot hold it.
template <class Number>
std::optional<Number> convert(std::string_view text) {
  Number number{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc{}) return std::nullopt;
  return number;
}

}  // namespace

ScalarKind classify(std::string_view plain) {
  if (plain == "true" || plain == "false") return ScalarKind::kBoolean;
  return looks_like_number(plain) ? ScalarKind::kNumber : ScalarKind::kString;
}

bool is_spelled_plainly(std::string_view text) {
  if (!take_whole(text)) return false;
  if (take_one(text, ".") && take(text, kDigits) == 0) return false;
  return take_exponent(text) && text.empty();
}

std::optional<double> read_number(std::string_view text) {
  if (!is_spelled_plainly(text)) return std::nullopt;
  return convert<double>(text);
}

std::optional<std::int64_t> read_whole(std::string_view text) {
  if (!is_json_whole(text)) return std::nullopt;
  return convert<std::int64_t>(text);
}

}  // namespace weir::config
