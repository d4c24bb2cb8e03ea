#include "weir/repositories/sqlite/checkpoint.h"

#include <sqlite3.h>

#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {

CheckpointOutcome checkpoint(Connection& connection, CheckpointMode mode, Duration wait) {
  connection.limit_busy_wait(wait);
  const int sqlite_mode =
      mode == CheckpointMode::kTruncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART;
  int log_pages = 0;
  int copied_pages = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(connection.handle(), "main", sqlite_mode, &log_pages, &copied_pages);
  if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY) throw_error(connection.handle(), "a checkpoint");
  // A connection that has never read does nothing and says so with -1.
  return {code == SQLITE_OK && log_pages >= 0, log_pages};
}

void sync_log(Connection& connection) {
  sqlite3_file* log = nullptr;
  const int found = sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER,
                                         static_cast<void*>(&log));
  if (found != SQLITE_OK || log == nullptr || log->pMethods == nullptr) return;
  const int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) throw SqliteError(code, "syncing the log");
}

std::int64_t take_pages_written(const Connection& connection) {
  int written = 0;
  int highest = 0;
  sqlite3_db_status(connection.handle(), SQLITE_DBSTATUS_CACHE_WRITE, &written, &highest, 1);
  return written;
}

}  // namespace weir::repositories::sqlite
