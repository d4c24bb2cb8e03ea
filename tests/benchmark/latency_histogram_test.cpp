#include "weir/benchmark/latency_histogram.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

using weir::benchmark::LatencyHistogram;

namespace {

constexpr double kShares[] = {0.0, 0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0};

/// Durations from nanoseconds to minutes, as many of each order of magnitude.
std::vector<std::uint64_t> random_durations(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(0.0, 37.0);
  std::vector<std::uint64_t> durations(count);
  for (std::uint64_t& duration : durations) {
    duration = static_cast<std::uint64_t>(std::exp2(exponent(random)));
  }
  return durations;
}

LatencyHistogram histogram_of(const std::vector<std::uint64_t>& durations) {
  LatencyHistogram histogram;
  for (const std::uint64_t duration : durations) histogram.record(duration);
  return histogram;
}

/// The smallest of `sorted` that `share` of all do not exceed.
std::uint64_t exact_quantile(const std::vector<std::uint64_t>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[rank == 0 ? 0 : rank - 1];
}

}  // namespace

TEST_CASE("latency histogram: an empty one has nothing to tell") {
  const LatencyHistogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.quantile(0.5) == 0);
}

TEST_CASE("latency histogram: a quantile is at most 1/32 above the exact one, and never below") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto durations = random_durations(seed, 5'000);
    const LatencyHistogram histogram = histogram_of(durations);
    std::ranges::sort(durations);
    for (const double share : kShares) {
      CAPTURE(seed);
      CAPTURE(share);
      const std::uint64_t exact = exact_quantile(durations, share);
      CHECK(histogram.quantile(share) >= exact);
      CHECK(histogram.quantile(share) <= exact + exact / 32);
    }
  }
}

TEST_CASE("latency histogram: below 32 ns every quantile is exact") {
  std::vector<std::uint64_t> durations;
  for (std::uint64_t duration = 0; duration < 32; ++duration) {
    durations.insert(durations.end(), duration + 1, duration);
  }
  const LatencyHistogram histogram = histogram_of(durations);
  for (const double share : kShares) CHECK(histogram.quantile(share) == exact_quantile(durations, share));
}

TEST_CASE("latency histogram: the longest is kept as it was, and no quantile exceeds it") {
  LatencyHistogram histogram;
  for (const std::uint64_t duration : {1'000'001ULL, 17ULL, 999'999ULL}) histogram.record(duration);
  CHECK(histogram.max() == 1'000'001);
  CHECK(histogram.quantile(1.0) == 1'000'001);
}

TEST_CASE("latency histogram: it holds the longest duration there is") {
  LatencyHistogram histogram;
  histogram.record(UINT64_MAX);
  CHECK(histogram.quantile(0.5) == UINT64_MAX);
}

TEST_CASE("latency histogram: two added are one that heard of everything, whichever is added") {
  const auto first = random_durations(1, 1'000);
  const auto second = random_durations(2, 3'000);
  auto both = first;
  both.insert(both.end(), second.begin(), second.end());
  const LatencyHistogram whole = histogram_of(both);

  for (const auto& [one, other] : {std::pair{first, second}, std::pair{second, first}}) {
    LatencyHistogram sum = histogram_of(one);
    sum.add(histogram_of(other));
    CHECK(sum.count() == whole.count());
    CHECK(sum.max() == whole.max());
    for (const double share : kShares) CHECK(sum.quantile(share) == whole.quantile(share));
  }
}
