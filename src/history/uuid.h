#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace weir::history {

/// Makes UUIDs of version 7 (RFC 9562): a millisecond clock, then a counter seeded at random each
/// millisecond, then random bits. Those of one generator rise, so rows and their index grow at one end.
///
/// Thread-safety: every member may be called from any thread.
class UuidV7Generator {
 public:
  explicit UuidV7Generator(std::uint64_t seed) : random_(seed) {}

  /// `now` may stand still or jump back; ids rise all the same.
  std::string next(std::chrono::system_clock::time_point now);

 private:
  struct Stamp {
    std::uint64_t milliseconds;
    std::uint32_t counter;  // 12 bits
    std::uint64_t tail;     // 62 bits
  };
  Stamp stamp(std::uint64_t now);

  std::mutex mutex_;
  // Guarded by mutex_.
  std::mt19937_64 random_;
  std::uint64_t last_milliseconds_ = 0;
  std::uint32_t counter_ = 0;
};

}  // namespace weir::history
