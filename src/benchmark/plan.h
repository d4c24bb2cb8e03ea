#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "weir/benchmark/lane.h"
#include "weir/benchmark/operations.h"

namespace weir::benchmark {

/// What `weir bench` is asked to measure.
struct Plan {
  std::vector<const LaneKind*> lanes;
  std::vector<const OperationInfo*> operations;
  std::vector<std::size_t> threads;  ///< empty: as many as each operation is usually measured with
  std::chrono::duration<double> seconds{2.0};
  int rounds = 3;
  WorkloadSize size{};
  repositories::sqlite::Synchronous synchronous = repositories::sqlite::Synchronous::kNormal;
  std::chrono::microseconds sync_delay{0};
  bool has_search = false;  ///< as LaneSettings::has_search
};

/// One line of the result.
struct Row {
  const LaneKind* lane;
  const OperationInfo* operation;
  std::size_t threads;
  int round;  ///< from 1
  Measurement measured;
};

/// Measures in turn: every lane before the next round, each in a child process and on a database of its own.
///
/// Blocking: until all of it is measured; `on_row` hears of each row as it comes.
/// Lifetime: the process has not used SQLite yet and has one thread, for it forks.
/// Errors: std::runtime_error when a child ends without an answer; std::filesystem::filesystem_error.
std::vector<Row> run_plan(const Plan& plan, const std::function<void(const Row&)>& on_row);

}  // namespace weir::benchmark
