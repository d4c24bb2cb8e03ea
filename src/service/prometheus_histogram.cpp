#include "weir/service/prometheus_histogram.h"

#include <algorithm>

namespace weir::service {
namespace {

using std::chrono::duration_cast;
using std::chrono::nanoseconds;

constexpr std::array<std::int64_t, LatencyHistogram::kBucketCount> kBoundsInMicroseconds = {
    50,      100,     250,     500,       1'000,     2'500,     5'000,      10'000,     25'000,    50'000,
    100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000, 30'000'000, 60'000'000};

constexpr std::array<double, LatencyHistogram::kBucketCount> in_seconds() {
  std::array<double, LatencyHistogram::kBucketCount> seconds{};
  for (std::size_t i = 0; i < seconds.size(); ++i)
    seconds[i] = static_cast<double>(kBoundsInMicroseconds[i]) / 1e6;
  return seconds;
}

std::size_t bucket_of(std::int64_t nanos) {
  const auto not_below = std::find_if(kBoundsInMicroseconds.begin(), kBoundsInMicroseconds.end(),
                                      [nanos](std::int64_t bound) { return nanos <= bound * 1'000; });
  return static_cast<std::size_t>(not_below - kBoundsInMicroseconds.begin());
}

}  // namespace

const std::array<double, LatencyHistogram::kBucketCount> LatencyHistogram::kBounds = in_seconds();

void LatencyHistogram::observe(repositories::Duration duration) noexcept {
  const std::int64_t nanos = std::max<std::int64_t>(0, duration_cast<nanoseconds>(duration).count());
  buckets_[bucket_of(nanos)].fetch_add(1, std::memory_order_relaxed);
  sum_nanoseconds_.fetch_add(static_cast<std::uint64_t>(nanos), std::memory_order_relaxed);
}

LatencyHistogram::Snapshot LatencyHistogram::snapshot() const noexcept {
  Snapshot taken;
  for (std::size_t i = 0; i < kBucketCount; ++i) {
    taken.count += buckets_[i].load(std::memory_order_relaxed);
    taken.cumulative[i] = taken.count;
  }
  taken.count += buckets_[kBucketCount].load(std::memory_order_relaxed);
  taken.sum_seconds = static_cast<double>(sum_nanoseconds_.load(std::memory_order_relaxed)) / 1e9;
  return taken;
}

}  // namespace weir::service
