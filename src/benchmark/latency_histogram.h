#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir::benchmark {

/// Counts durations in buckets that are at most 1/32 wider than what they hold, from 1 ns on.
///
/// Thread-safety: one thread at a time.
class LatencyHistogram {
 public:
  void record(std::uint64_t nanoseconds);
  void add(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t max() const { return max_; }
  /// The duration, in nanoseconds, that `share` (0 to 1) of all recorded ones do not exceed; 0 when there are
  /// none.
  std::uint64_t quantile(double share) const;

 private:
  static constexpr unsigned kSubBits = 5;
  static constexpr std::size_t kBuckets = (64 - kSubBits + 1) << kSubBits;

  static std::size_t bucket_of(std::uint64_t nanoseconds);
  static std::uint64_t upper_bound_of(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace weir::benchmark
