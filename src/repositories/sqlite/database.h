#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "weir/repositories/call.h"
#include "weir/repositories/observer.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/write_ticket.h"

namespace weir::repositories::sqlite {

/// The database file that a repository stands on: its creation, its schema, its ticket, and whether it may
/// still be trusted.
///
/// Trust is lost once and for good: a moved file (invariant I8) refuses every call, a damaged one every
/// write; the files are left as they are, and only a restart begins anew.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: `clock` outlives it. It touches no file before prepare().
/// Errors: history::Error, unless said otherwise.
class Database {
 public:
  Database(const std::string& path, const SqliteOptions& options, Clock& clock);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Makes the file (0600, its folder 0700) where there is none, brings its schema up to date, and finds its
  /// ticket. Does nothing the second time; after a failure the next call tries again. Blocking: until the
  /// call's deadline. Errors: SqliteError as well; kUnsupported when the file is not weir's or newer.
  void prepare(const Call& call, std::size_t max_waiters);

  /// A new connection, once prepared.
  /// Blocking: until `deadline`.
  /// Errors: history::Error alone; kUnavailable when trying again may help.
  std::unique_ptr<Connection> open(ConnectionRole role, TimePoint deadline);

  /// Throws unless a call may begin: kInternal in the child of a fork() (invariant I13), kUnavailable when
  /// the file was moved.
  void require_usable() const;
  /// The same for a write: kDamaged too.
  void require_writable() const;

  /// Throws kUnavailable when the files of `connection` are no longer those at their paths; called before
  /// BEGIN, so that nothing goes to a dead file, and after COMMIT, before anything is acknowledged.
  void require_unmoved(Connection& connection);

  /// With synchronous full: once a COMMIT has failed, brings the log to the disk before anything is
  /// acknowledged upon it. What the failed one left may be found there, by whoever repeats his request, and
  /// was never synced. To be called before BEGIN, under the ticket. Errors: SqliteError.
  void settle_log(Connection& connection);
  /// Takes note that a COMMIT has failed.
  void doubt_log() { doubts_log_.store(true, std::memory_order_release); }

  /// Lets the close of `connection` checkpoint, if the file is trusted and still at its path. Never throws.
  void allow_last_checkpoint(Connection& connection) noexcept;

  /// What a health check finds wrong with an idle connection; absent when it is fine.
  std::optional<Replaced> probe(Connection& connection);

  /// Whether reads that have run for max_read_age are interrupted from now on.
  void limit_read_age(bool is_limited) { limits_read_age_ = is_limited; }

  /// Takes note that SQLite called the file damaged.
  void mark_damaged(const std::string& reason);
  /// Takes note that SQLite found another file at the path.
  void mark_moved(const std::string& reason);

  /// Why the file is not trusted any more, or could not be prepared; absent while all is well.
  std::optional<std::string> distrust() const;

  bool is_forked() const;
  bool is_prepared() const { return prepared_.load(std::memory_order_acquire); }
  WriteTicket& ticket() const { return *ticket_; }
  const std::string& path() const { return path_; }
  std::uint64_t wal_bytes() const;

 private:
  enum class Trust { kFull, kDamaged, kMoved };

  std::shared_ptr<WriteTicket> find_ticket();
  void create_file() const;
  void prepare_schema(const Call& call);
  std::unique_ptr<Connection> connect(ConnectionRole role, TimePoint deadline);
  void lose_trust(Trust trust, const std::string& reason);
  std::string reason() const;

  const std::string path_;
  const SqliteOptions options_;
  Clock& clock_;
  const pid_t owner_;

  std::atomic<bool> prepared_{false};
  std::atomic<Trust> trust_{Trust::kFull};
  std::atomic<bool> limits_read_age_{false};
  std::atomic<bool> doubts_log_{true};  // who opens a log cannot know how it was left

  mutable std::mutex mutex_;
  // Guarded by mutex_; ticket_, database_id_ and file_ do not change once prepared_ is true.
  std::shared_ptr<WriteTicket> ticket_;
  std::string database_id_;
  FileId file_;
  std::string reason_;
};

}  // namespace weir::repositories::sqlite
