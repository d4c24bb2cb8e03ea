#include "weir/benchmark/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir::benchmark {

std::size_t LatencyHistogram::bucket_of(std::uint64_t nanoseconds) {
  // Below 2^kSubBits a bucket for each value; above, the leading one and the kSubBits that follow it.
  if (nanoseconds < (1U << kSubBits)) return nanoseconds;
  const unsigned exponent = static_cast<unsigned>(std::bit_width(nanoseconds)) - 1 - kSubBits;
  return (static_cast<std::size_t>(exponent) << kSubBits) + (nanoseconds >> exponent);
}

std::uint64_t LatencyHistogram::upper_bound_of(std::size_t bucket) {
  if (bucket < (2U << kSubBits)) return bucket;
  const std::size_t exponent = (bucket >> kSubBits) - 1;
  const std::uint64_t lead = bucket - (exponent << kSubBits);
  return ((lead + 1) << exponent) - 1;
}

void LatencyHistogram::record(std::uint64_t nanoseconds) {
  ++counts_[bucket_of(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::uint64_t LatencyHistogram::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= wanted && seen > 0) return std::min(upper_bound_of(i), max_);
  }
  return max_;
}

}  // namespace weir::benchmark
