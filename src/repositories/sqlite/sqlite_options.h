#pragma once

#include <cstdint>

#include "weir/repositories/clock.h"

namespace weir::repositories::sqlite {

/// What a commit survives: kNormal a kill of the process, kFull a power cut too.
enum class Synchronous { kNormal, kFull };

/// Whether other processes may open the database while a repository has it open.
enum class Locking {
  kShared,
  kExclusive,  ///< they are told "database is locked"; also lets nothing but weir come near the WAL-reset bug
};

struct SqliteOptions {
  Synchronous synchronous = Synchronous::kNormal;
  Locking locking = Locking::kShared;
  Seconds busy_timeout{5.0};      ///< how long to wait for other processes, within the deadline
  int checkpoint_pages = 8000;    ///< in the log, after which they are copied back, beside the callers
  int wal_autocheckpoint = 1000;  ///< further pages, after which a COMMIT copies them: the backstop
  std::uint64_t wal_limit = 64 * 1024 * 1024;  ///< bytes of the log from which readers are held up for it
  Seconds max_read_age{10.0};                  ///< of a read that may keep the log above that
  Seconds analyze_interval{3600.0};            ///< between refreshes of the query planner's statistics
};

}  // namespace weir::repositories::sqlite
