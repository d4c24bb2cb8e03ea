#pragma once

#include <SQLiteCpp/Database.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/repositories/clock.h"
#include "weir/repositories/file_id.h"
#include "weir/repositories/sqlite/sqlite_options.h"
#include "weir/repositories/sqlite/statements.h"

namespace weir::repositories::sqlite {

/// What a connection is for; decides its PRAGMAs and what its authorizer refuses.
enum class ConnectionRole {
  kReader,  ///< query_only, sealed by an authorizer (invariant I5)
  kWriter,  ///< wal_autocheckpoint
  kOnly,    ///< the legacy repository's one connection: reads and writes
};

/// One connection to the database, set up for its role, with its prepared statements.
///
/// Thread-safety: one thread at a time. Lifetime: `clock` outlives it.
/// Errors: SqliteError from every member; history::Error(kInternal) from the constructor when a PRAGMA did
/// not take.
class Connection {
 public:
  /// Opens `path`, which exists, applies every PRAGMA of the role and reads each back.
  /// Blocking: for other processes' locks, until `deadline`, which stays in force.
  Connection(const std::string& path, ConnectionRole role, const SqliteOptions& options, Clock& clock,
             TimePoint deadline = TimePoint::max());
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// From now on a statement that runs past `deadline` is interrupted, and waiting for another process's lock
  /// ends at the shorter of busy_timeout and what is left.
  void set_deadline(TimePoint deadline);
  void clear_deadline() { deadline_ = began_ = TimePoint::max(); }
  /// Waits for locks no longer than `wait`, until the next set_deadline().
  void limit_busy_wait(Duration wait);
  bool deadline_passed() const { return clock_.now() >= deadline_; }

  /// While `in_force`, a read is interrupted that has run for max_read_age since set_deadline().
  /// Lifetime: `in_force` outlives the connection.
  void limit_age_while(const std::atomic<bool>& in_force) { age_limit_in_force_ = &in_force; }
  /// Whether that has interrupted the work since set_deadline().
  bool was_too_old() const { return was_too_old_; }

  /// The log's pages at which a COMMIT of this connection checkpoints by itself (PRAGMA wal_autocheckpoint).
  void set_autocheckpoint(int pages);

  void execute(const char* sql);
  bool in_transaction() const;

  /// Makes it as new for the next borrower: nothing running, no transaction, query_only as it was. False when
  /// it cannot be made so. Never throws.
  bool clean() noexcept;

  /// The text that the row written at creation holds; absent when the row is not there.
  std::optional<std::string> sentinel();

  /// Remembers which files the connection has open; to be called once it has read.
  void remember_files();
  /// Why the files at the paths are no longer those that are open; absent when they are (invariant I8).
  std::optional<std::string> find_moved();

  /// Lets the close that follows checkpoint and tidy up, if it is the last one on the file.
  void allow_checkpoint_on_close();

  /// Forgets the handle without closing it: for the child of a fork(), where closing would harm the parent.
  void abandon() noexcept;

  Statements& statements() { return *statements_; }
  sqlite3* handle() const { return database_->getHandle(); }

 private:
  static int on_progress(void* self);
  bool must_stop();
  void harden();
  void apply_pragmas();
  bool is_query_only();
  bool refuses_writes();
  void set_busy_timeout(int milliseconds);
  std::string pragma(const char* sql);
  std::uint64_t committed_bytes();

  const std::string path_;
  const ConnectionRole role_;
  const SqliteOptions options_;
  Clock& clock_;
  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<Statements> statements_;  // below the database: they are finalised before it closes

  TimePoint deadline_ = TimePoint::max();
  TimePoint began_ = TimePoint::max();  // when the deadline was set; max: there is none
  const std::atomic<bool>* age_limit_in_force_ = nullptr;
  bool was_too_old_ = false;
  int autocheckpoint_;
  int busy_timeout_ms_ = -1;
  std::optional<FileId> database_file_;
  std::optional<FileId> wal_file_;
  std::uint64_t database_bytes_ = 0;  // when last looked at
};

}  // namespace weir::repositories::sqlite
