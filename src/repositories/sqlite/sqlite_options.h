#pragma once

#include "weir/repositories/clock.h"

namespace weir::repositories::sqlite {

/// What a commit survives: kNormal a kill of the process, kFull a power cut too.
enum class Synchronous { kNormal, kFull };

struct SqliteOptions {
  Synchronous synchronous = Synchronous::kNormal;
  Seconds busy_timeout{5.0};         ///< how long to wait for other processes, within the deadline
  int wal_autocheckpoint = 1000;     ///< pages in the log after which a writer's commit copies them back
  Seconds analyze_interval{3600.0};  ///< between refreshes of the query planner's statistics
};

}  // namespace weir::repositories::sqlite
