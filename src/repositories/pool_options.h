#pragma once

#include <cstddef>

#include "weir/repositories/clock.h"

namespace weir::repositories {

/// How many connections a repository keeps, and how long a call may take.
struct PoolOptions {
  std::size_t max_connections = 10;  ///< max_readers + max_writers must fit
  std::size_t max_readers = 8;       ///< more than the cores that read adds tail latency and nothing else
  std::size_t max_writers = 2;       ///< one writes, one is warm to take over
  std::size_t max_waiters = 1024;    ///< further callers are refused at once
  Seconds connection_timeout{30.0};  ///< the default deadline of a whole call
  Seconds health_check_interval{60.0};
};

}  // namespace weir::repositories
