#pragma once

#include <functional>

#include "support/environment_number.h"

namespace weir::testing {

/// Runs a race again and again: 20 times in scripts/test, 1,000 in scripts/soak.
inline void for_rounds(const std::function<void()>& race) {
  const int rounds = environment_number("WEIR_SCENARIO_ROUNDS", 20);
  for (int round = 0; round < rounds; ++round) race();
}

}  // namespace weir::testing
