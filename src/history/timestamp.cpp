#include "weir/history/timestamp.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace weir::history {
namespace {

using namespace std::chrono;

/// Reads fixed-width fields from the front of a text; the first that does not fit makes `ok` false for good.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }

  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }

  microseconds fraction() {
    if (rest_.empty() || rest_.front() != '.') return microseconds{0};
    rest_.remove_prefix(1);
    if (rest_.empty() || !is_digit(rest_.front())) fail();
    int value = 0;
    int scale = 100'000;
    while (!rest_.empty() && is_digit(rest_.front())) {
      value += (rest_.front() - '0') * scale;
      scale /= 10;
      rest_.remove_prefix(1);
    }
    return microseconds{value};
  }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<minutes> read_offset(FieldReader& reader) {
  const char sign = reader.one_of("Zz+-");
  if (sign == 'Z' || sign == 'z') return minutes{0};
  const int hour = reader.digits(2);
  reader.one_of(":");
  const int minute = reader.digits(2);
  if (!reader.ok() || hour > 23 || minute > 59) return std::nullopt;
  const minutes offset = hours{hour} + minutes{minute};
  return sign == '-' ? -offset : offset;
}

bool has_four_digit_year(Timestamp timestamp) {
  constexpr Timestamp kFirst = sys_days{year{0} / 1 / 1};
  constexpr Timestamp kEnd = sys_days{year{10'000} / 1 / 1};
  return timestamp >= kFirst && timestamp < kEnd;
}

constexpr std::array<char, 200> kTwoDigits = [] {
  std::array<char, 200> digits{};
  for (std::size_t i = 0; i < 100; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();

/// Prints `value`, which is below 100, and what stands behind it.
char* print_two(char* out, std::uint32_t value, char behind) {
  std::memcpy(out, &kTwoDigits[2 * value], 2);
  out[2] = behind;
  return out + 3;
}
char* print_two(char* out, std::uint32_t value) {
  std::memcpy(out, &kTwoDigits[2 * value], 2);
  return out + 2;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
  FieldReader reader(text);
  const int y = reader.digits(4);
  reader.one_of("-");
  const int mon = reader.digits(2);
  reader.one_of("-");
  const int d = reader.digits(2);
  reader.one_of("Tt ");
  const int h = reader.digits(2);
  reader.one_of(":");
  const int min = reader.digits(2);
  reader.one_of(":");
  const int s = reader.digits(2);
  const microseconds fraction = reader.fraction();
  const std::optional<minutes> offset = read_offset(reader);
  const year_month_day date{year{y}, month{static_cast<unsigned>(mon)}, day{static_cast<unsigned>(d)}};
  if (!reader.ok() || !reader.at_end() || !offset || !date.ok()) return std::nullopt;
  if (h > 23 || min > 59 || s > 60) return std::nullopt;
  const Timestamp local = sys_days{date} + hours{h} + minutes{min} + seconds{s} + fraction;
  const Timestamp utc = local - *offset;
  if (!has_four_digit_year(utc)) return std::nullopt;
  return utc;
}

void print_timestamp(char* out, Timestamp timestamp) {
  const sys_days date = floor<days>(timestamp);
  const year_month_day ymd{date};
  const auto in_day = static_cast<std::uint64_t>((timestamp - date).count());
  const auto second = static_cast<std::uint32_t>(in_day / 1'000'000);
  const auto fraction = static_cast<std::uint32_t>(in_day % 1'000'000);
  const auto full_year = static_cast<std::uint32_t>(static_cast<int>(ymd.year()));
  out = print_two(out, full_year / 100 % 100);
  out = print_two(out, full_year % 100, '-');
  out = print_two(out, static_cast<unsigned>(ymd.month()), '-');
  out = print_two(out, static_cast<unsigned>(ymd.day()), 'T');
  out = print_two(out, second / 3600, ':');
  out = print_two(out, second / 60 % 60, ':');
  out = print_two(out, second % 60, '.');
  out = print_two(out, fraction / 10'000);
  out = print_two(out, fraction / 100 % 100);
  print_two(out, fraction % 100, 'Z');
}

void append_timestamp(std::string& out, Timestamp timestamp) {
  std::array<char, kTimestampSize> text;
  print_timestamp(text.data(), timestamp);
  out.append(text.data(), text.size());
}

std::string format_timestamp(Timestamp timestamp) {
  std::string out;
  append_timestamp(out, timestamp);
  return out;
}

}  // namespace weir::history
