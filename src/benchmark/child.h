#pragma once

#include <functional>

#include "weir/benchmark/operations.h"

namespace weir::benchmark {

/// Runs `work` in a child process and returns what it returned.
/// Blocking: until the child has ended. Errors: std::runtime_error when it ended without an answer; it has
///   told why on stderr.
Measurement run_in_child(const std::function<Measurement()>& work);

}  // namespace weir::benchmark
