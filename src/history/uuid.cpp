#include "weir/history/uuid.h"

#include <string_view>

#include "weir/history/uuid_text.h"

namespace weir::history {
namespace {

void append_hex(std::string& out, std::uint64_t value, int digits) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += kHex[(value >> shift) & 0xFU];
}

}  // namespace

std::string uuid_text(std::uint64_t high, std::uint64_t low) {
  std::string text;
  text.reserve(36);
  append_hex(text, high >> 32U, 8);
  text += '-';
  append_hex(text, high >> 16U, 4);
  text += '-';
  append_hex(text, high, 4);
  text += '-';
  append_hex(text, low >> 48U, 4);
  text += '-';
  append_hex(text, low, 12);
  return text;
}

std::string UuidV7Generator::next(std::chrono::system_clock::time_point now) {
  using std::chrono::duration_cast, std::chrono::milliseconds;
  const auto since_epoch = duration_cast<milliseconds>(now.time_since_epoch()).count();
  const Stamp stamp_now = stamp(since_epoch < 0 ? 0 : static_cast<std::uint64_t>(since_epoch));
  return uuid_text(stamp_now.milliseconds << 16U | 0x7000U | stamp_now.counter, 1ULL << 63U | stamp_now.tail);
}

UuidV7Generator::Stamp UuidV7Generator::stamp(std::uint64_t now) {
  constexpr std::uint32_t kCounterEnd = 1U << 12U;
  const std::lock_guard lock(mutex_);
  if (now > last_milliseconds_) {
    last_milliseconds_ = now;
    counter_ = static_cast<std::uint32_t>(random_() & 0x7FFU);  // the upper half is room to count
  } else if (++counter_ == kCounterEnd) {
    ++last_milliseconds_;  // borrow from the next millisecond rather than fall back
    counter_ = 0;
  }
  return {last_milliseconds_, counter_, random_() >> 2U};
}

}  // namespace weir::history
