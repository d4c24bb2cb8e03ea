#pragma once

#include <cstdint>

#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

enum class CheckpointMode {
  kRestart,   ///< copies what it may; when that was all, the next write begins the log anew
  kTruncate,  ///< the same, and cuts the file of the log
};

struct CheckpointOutcome {
  bool is_complete;  ///< all is copied and nobody reads the log
  int log_pages;     ///< in the log, copied or not
};

/// Copies pages of the log back into the database, waiting for readers in the way no longer than `wait` for
/// each of the two steps. The write ticket is held by the caller. Errors: SqliteError.
CheckpointOutcome checkpoint(Connection& connection, CheckpointMode mode, Duration wait);

/// Brings what has been written of the log to the disk, as a checkpoint does first. Writers may go on
/// meanwhile. Errors: SqliteError.
void sync_log(Connection& connection);

/// How many pages the connection has written, to the log in WAL mode, since this was last asked: SQLite's own
/// count is an int, and a writer lives long.
std::int64_t take_pages_written(const Connection& connection);

}  // namespace weir::repositories::sqlite
