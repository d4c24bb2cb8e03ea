#pragma once

#include "weir/repositories/clock.h"

namespace weir::repositories {

/// How often a call that met a lock is tried again, and how long it waits before each time.
struct RetryOptions {
  int max_retries = 5;       ///< further attempts after the first; 0: none
  Seconds base_delay{0.05};  ///< before the first retry; doubled before each further one
  double jitter = 0.3;       ///< up to this share of the wait is added at random, 0 to 1
};

}  // namespace weir::repositories
