#pragma once

#include "weir/repositories/clock.h"
#include "weir/repositories/operation.h"

namespace weir::repositories {

/// One caller's request on its way through the queues: what it is for, when it came, and how long it may
/// take.
struct Call {
  Operation operation;
  TimePoint arrived;
  TimePoint deadline;
};

}  // namespace weir::repositories
