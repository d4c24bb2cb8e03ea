#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "weir/repositories/background_thread.h"
#include "weir/repositories/function_ref.h"
#include "weir/repositories/slow_log.h"
#include "weir/repositories/sqlite/checkpoint.h"
#include "weir/repositories/sqlite/database.h"
#include "weir/repositories/sqlite/repository_options.h"

namespace weir::repositories::sqlite {

/// Copies the write-ahead log back into the database when no caller waits for it.
///
/// SQLite would do so inside COMMIT, before the caller is told: two syncs and some hundred pages that one
/// caller pays for all. That stays in force as the backstop (PRAGMA wal_autocheckpoint), but this comes
/// first. Whoever commits says how many pages it wrote. When they come to checkpoint_pages, or when a log
/// that is worth it has not grown for kIdle, a thread of its own first brings the log to the disk, beside the
/// writers; then it takes the write ticket, so that no commit runs beside the checkpoint (invariant I2), and
/// copies on a writer that is idle. The backstop is wal_autocheckpoint pages further on; when readers keep
/// the log from being begun anew, it moves up by what the log holds.
///
/// How hard it tries:
///   as a rule                      it never waits for a reader
///   while nobody writes            the same, and it cuts the log's file
///   from 3/4 of wal_limit on       it waits some milliseconds for readers in the way, and cuts the file
///   from wal_limit on              new readers are held for at most kGate meanwhile, and reads that have
///                                  been running for max_read_age are interrupted, until the file is below
///                                  again; writers are not held, so the log grows while a younger read stays
/// What could not be done is tried again, after 100 ms and then every second.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: what it is given outlives it; its destructor waits for the checkpoint that runs.
class Checkpointer {
 public:
  struct Ports {
    /// Runs `work` on a connection that may write and is idle, the least used one. Errors: history::Error.
    std::function<void(const Call&, FunctionRef<void(Connection&)> work)> with_idle_writer;
    /// Lends no reader until then.
    std::function<void(TimePoint)> hold_readers;
    SlowLog& slow_log;
  };

  static constexpr Duration kGate = std::chrono::milliseconds{20};
  static constexpr Duration kIdle = std::chrono::milliseconds{200};

  Checkpointer(Database& database, const RepositoryOptions& options, const Environment& environment,
               Ports ports);

  /// A writer has committed `pages`. Called under the ticket; never blocks for a checkpoint.
  void note_commit(std::int64_t pages);

  /// Whether the log has come to checkpoint_pages, so that who can wait should not add to it.
  bool is_due() const { return pending_.load() >= options_.sqlite.checkpoint_pages; }

  /// The value of wal_autocheckpoint that writers are to have.
  int backstop() const { return backstop_.load(std::memory_order_relaxed); }

  /// Waits for the checkpoint that runs, and runs none after it.
  void stop() { thread_.stop(); }
  /// Forgets the thread: for the child of a fork().
  void abandon() { thread_.abandon(); }

 private:
  enum class Effort { kNone, kCut, kSome, kAll };

  TimePoint run(TimePoint now);
  void attempt(TimePoint now);
  bool is_worth_it() const;
  CheckpointOutcome checkpoint_once(const Call& call);
  CheckpointOutcome copy(const Call& call, Effort effort);
  void conclude(const CheckpointOutcome& outcome, Duration took);
  Effort effort() const;
  static Duration wait_for_readers(Effort effort);

  Database& database_;
  const RepositoryOptions options_;
  const Environment environment_;
  const Ports ports_;

  std::atomic<std::int64_t> pending_{0};  // pages written since the last checkpoint
  std::atomic<int> backstop_;

  // Used by the thread alone.
  std::int64_t last_seen_ = 0;  // of pending_
  bool is_idle_ = false;
  bool is_cut_ = true;  // whether the last checkpoint was to cut the log's file
  TimePoint retry_at_ = TimePoint::max();
  int failures_ = 0;  // in a row

  BackgroundThread thread_;
};

}  // namespace weir::repositories::sqlite
