#pragma once

#include <functional>

#include "weir/benchmark/child.h"

namespace weir::testing {

/// Whether `work` returns true in a process of its own, for the tests' own process never uses SQLite: what
/// forks afterwards would inherit its state. Errors: std::runtime_error when `work` throws.
inline bool holds_in_child(const std::function<bool()>& work) {
  const auto measured = benchmark::run_in_child([&] {
    benchmark::Measurement answer;
    answer.errors = work() ? 0 : 1;
    return answer;
  });
  return measured.errors == 0;
}

}  // namespace weir::testing
