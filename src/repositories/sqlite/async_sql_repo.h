#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <thread>

#include "weir/repositories/log_context.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

/// Chat history the legacy way: one connection, one worker thread, every call in order of arrival.
///
/// Reads wait behind writes here; that is what PooledSqlRepo is for. Kept complete, to roll back to.
///
/// When the connection fails, the worker reconnects, waiting 2, 4, then 8 seconds (at most 10) before each of
/// three attempts, and repeats the call at most twice if it is safe to repeat: a read, or a write with a
/// request id.
///
/// Thread-safety, Lifetime, Blocking, Errors: as PooledSqlRepo.
class AsyncSqlRepo final : public SqlRepo {
 public:
  AsyncSqlRepo(const RepositoryOptions& options, const Environment& environment);
  ~AsyncSqlRepo() override;

  history::RepositoryStats stats() const override;
  history::RepositoryHealth health() const override;

 private:
  enum class Access { kRead, kWrite };

  /// A call on its way: queued by its caller, run by the worker, and taken back by the caller at its deadline
  /// if the worker has not begun it. Once begun it ends by itself at the deadline.
  struct Task {
    const Call& call;
    Access access;
    Repeat repeat;
    Work work;
    std::string_view request = LogContext::request();  ///< that its caller works for
    std::condition_variable ended_signal{};
    std::exception_ptr error{};
    bool ended = false;
  };

  void run_read(const Call& call, Work work) override;
  void run_write(const Call& call, const WriteShape& shape, Work work) override;

  // The caller's side.
  void submit(Task& task);
  void enqueue(Task& task);
  std::string describe_timeout(const Task& task, TimePoint now) const;

  // The worker's side.
  void run();
  void idle(std::unique_lock<std::mutex>& lock);
  void execute(Task& task);
  void attempt(const Task& task);
  void run_with_repeats(const Task& task);
  /// Replaces the connection for another attempt, or throws what the caller is to hear.
  void replace_for(const Task& task, const SqliteError& error, int repeats);
  void clean_connection();
  Connection& connection(const Call& call);
  void connect(const Call& call);
  void reconnect(const Call& call);
  void drop_connection();
  void check_health();
  void analyze();
  void close();

  /// Forgets the worker and its connection: for the child of a fork().
  void abandon();

  // Used by the worker alone.
  std::unique_ptr<Connection> connection_;
  TimePoint next_check_ = TimePoint::max();
  TimePoint next_analyze_ = TimePoint::max();

  std::atomic<bool> is_failed_{false};
  std::atomic<std::uint64_t> created_{0};
  std::atomic<std::uint64_t> reads_{0};
  std::atomic<std::uint64_t> writes_{0};
  std::atomic<std::uint64_t> errors_{0};
  std::atomic<std::uint64_t> health_checks_{0};

  mutable std::mutex mutex_;
  // Behind a pointer, to be left behind in the child of a fork().
  std::unique_ptr<std::condition_variable> work_signal_ = std::make_unique<std::condition_variable>();
  // Guarded by mutex_.
  std::list<Task*> queue_;
  const Task* running_ = nullptr;
  TimePoint running_since_;
  bool stopping_ = false;
  std::thread worker_;  // started by the first call
};

}  // namespace weir::repositories::sqlite
