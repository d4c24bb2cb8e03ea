#include "weir/service/prometheus_histogram.h"

#include <doctest/doctest.h>

#include <algorithm>

using weir::service::LatencyHistogram;
using namespace std::chrono_literals;

TEST_CASE("latency histogram: its buckets rise from 50 µs to 60 s") {
  CHECK(LatencyHistogram::kBounds.front() == 50e-6);
  CHECK(LatencyHistogram::kBounds.back() == 60.0);
  CHECK(std::is_sorted(LatencyHistogram::kBounds.begin(), LatencyHistogram::kBounds.end()));
}

TEST_CASE("latency histogram: a duration counts in every bucket that it does not exceed") {
  LatencyHistogram histogram;
  histogram.observe(250us);
  histogram.observe(250us + 1ns);
  const auto taken = histogram.snapshot();
  CHECK(taken.cumulative[1] == 0);
  CHECK(taken.cumulative[2] == 1);
  CHECK(taken.cumulative[3] == 2);
  CHECK(taken.cumulative.back() == 2);
}

TEST_CASE("latency histogram: what is longer than every bound counts in no bucket but in the total") {
  LatencyHistogram histogram;
  histogram.observe(61s);
  const auto taken = histogram.snapshot();
  CHECK(taken.cumulative.back() == 0);
  CHECK(taken.count == 1);
  CHECK(taken.sum_seconds == 61.0);
}

TEST_CASE("latency histogram: a clock that ran backwards counts as no time at all") {
  LatencyHistogram histogram;
  histogram.observe(-5s);
  const auto taken = histogram.snapshot();
  CHECK(taken.cumulative.front() == 1);
  CHECK(taken.sum_seconds == 0.0);
}
