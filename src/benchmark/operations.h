#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "weir/benchmark/lane.h"

namespace weir::benchmark {

enum class Operation { kPointRead, kRecent50, kAppend, kMixed, kReadBesideWriter };

struct OperationInfo {
  Operation operation;
  std::string_view name;
  std::size_t threads;  ///< when none are asked for
};

std::span<const OperationInfo> all_operations();

struct Load {
  Operation operation;
  std::size_t threads;
  std::chrono::nanoseconds warm_up;
  std::chrono::nanoseconds duration;
};

/// What one run of one operation on one lane gave.
struct Measurement {
  double ops_per_s = 0;
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double max_us = 0;
  std::uint64_t errors = 0;
};

/// Has `threads` threads repeat the operation without a pause between, and measures what they do once the
/// warm-up is over.
/// Blocking: for warm_up + duration. Errors: what opening a session throws; wrong answers are counted, and
///   the first is told on stderr.
Measurement run_load(Lane& lane, const Workload& workload, const Load& load);

}  // namespace weir::benchmark
