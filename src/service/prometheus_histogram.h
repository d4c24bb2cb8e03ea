#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "weir/repositories/clock.h"

namespace weir::service {

/// Counts durations in fixed buckets, from 50 µs to 60 s, without a lock.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Blocking: never.
class LatencyHistogram {
 public:
  static constexpr std::size_t kBucketCount = 19;

  /// The upper bounds of the buckets, in seconds; a longer duration counts in none of them.
  static const std::array<double, kBucketCount> kBounds;

  /// What was observed so far. `count` and `cumulative` agree with each other; the sum may already hold a
  /// duration that they do not.
  struct Snapshot {
    std::array<std::uint64_t, kBucketCount> cumulative{};
    std::uint64_t count = 0;
    double sum_seconds = 0;
  };

  void observe(repositories::Duration duration) noexcept;
  Snapshot snapshot() const noexcept;

 private:
  // The last one is what lies above every bound.
  std::array<std::atomic<std::uint64_t>, kBucketCount + 1> buckets_{};
  std::atomic<std::uint64_t> sum_nanoseconds_{0};
};

}  // namespace weir::service
