#include "weir/repositories/sqlite/async_sql_repo.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "weir/repositories/call_text.h"
#include "weir/repositories/sqlite/reaction.h"

namespace weir::repositories::sqlite {

using history::Error;
using history::ErrorCode;
using history::PoolState;
using history::RepositoryHealth;
using history::RepositoryStats;

namespace {

constexpr int kReconnectAttempts = 3;
constexpr Seconds kFirstReconnectDelay{2.0};
constexpr Seconds kLongestReconnectDelay{10.0};
constexpr int kMaxRepeats = 2;

PoolKind kind_of(bool is_read) {
  return is_read ? PoolKind::kRead : PoolKind::kWrite;
}

}  // namespace

AsyncSqlRepo::AsyncSqlRepo(const RepositoryOptions& options, const Environment& environment)
    : SqlRepo("AsyncSqlRepo", options, environment) {}

AsyncSqlRepo::~AsyncSqlRepo() {
  if (!worker_.joinable()) return;
  if (database_.is_forked()) {
    abandon();
    return;
  }
  stop_maintenance();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_signal_->notify_one();
  worker_.join();
}

void AsyncSqlRepo::abandon() {
  abandon_maintenance();
  worker_.detach();
  // To destroy a condition variable is to wait until its waiters have gone, and this one's does not exist
  // here.
  static_cast<void>(work_signal_.release());
  if (connection_) connection_->abandon();
}

void AsyncSqlRepo::run_read(const Call& call, Work work) {
  database_.require_usable();
  Task task{call, Access::kRead, Repeat::kSafe, work};
  submit(task);
}

void AsyncSqlRepo::run_write(const Call& call, const WriteShape& shape, Work work) {
  database_.require_writable();
  Task task{call, Access::kWrite, shape.repeat, work};
  submit(task);
}

void AsyncSqlRepo::submit(Task& task) {
  std::unique_lock lock(mutex_);
  enqueue(task);
  for (;;) {
    if (task.ended) break;
    const bool is_running = running_ == &task;
    const TimePoint now = environment_.clock.now();
    if (!is_running && now >= task.call.deadline) {
      environment_.observer.acquire_timed_out(kind_of(task.access == Access::kRead));
      const std::string explanation = describe_timeout(task, now);
      queue_.remove(&task);
      throw Error(ErrorCode::kTimeout, explanation);
    }
    environment_.clock.wait_until(task.ended_signal, lock,
                                  is_running ? TimePoint::max() : task.call.deadline);
  }
  if (task.error) std::rethrow_exception(task.error);
}

void AsyncSqlRepo::enqueue(Task& task) {
  if (queue_.size() >= options_.pool.max_waiters) {
    throw Error(ErrorCode::kOverloaded, "the queue of " + database_.path() + ": " +
                                            std::to_string(queue_.size()) +
                                            " callers wait already, no more may");
  }
  if (!worker_.joinable()) {
    worker_ = std::thread([this] { run(); });
    start_maintenance();
  }
  queue_.push_back(&task);
  work_signal_->notify_one();
}

std::string AsyncSqlRepo::describe_timeout(const Task& task, TimePoint now) const {
  const auto place =
      static_cast<std::size_t>(std::distance(queue_.begin(), std::ranges::find(queue_, &task))) + 1;
  const std::string holder =
      running_ == nullptr ? "nobody" : describe_holder(running_->call.operation, now - running_since_);
  return describe_timed_out("the queue of " + database_.path(), task.call, now, place) +
         "; one connection, waiting " + std::to_string(queue_.size()) + "; held by: " + holder;
}

void AsyncSqlRepo::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (queue_.empty()) {
      idle(lock);
      continue;
    }
    Task& task = *queue_.front();
    queue_.pop_front();
    running_ = &task;
    running_since_ = environment_.clock.now();
    lock.unlock();
    execute(task);
    lock.lock();
    running_ = nullptr;
    task.ended = true;
    task.ended_signal.notify_one();
  }
  lock.unlock();
  close();
}

void AsyncSqlRepo::idle(std::unique_lock<std::mutex>& lock) {
  const TimePoint now = environment_.clock.now();
  if (now >= std::min(next_check_, next_analyze_)) {
    lock.unlock();
    if (now >= next_check_) check_health();
    if (now >= next_analyze_) analyze();
    lock.lock();
    return;
  }
  environment_.clock.wait_until(*work_signal_, lock, std::min(next_check_, next_analyze_));
}

void AsyncSqlRepo::execute(Task& task) {
  const LogContext context(task.request);
  const TimePoint began = environment_.clock.now();
  const PoolKind kind = kind_of(task.access == Access::kRead);
  ++(task.access == Access::kRead ? reads_ : writes_);
  environment_.observer.lease_acquired(kind, began - task.call.arrived);
  try {
    const HoldTimer hold(task.call, began - task.call.arrived, environment_.clock);
    run_with_repeats(task);
  } catch (...) {
    task.error = std::current_exception();
  }
  environment_.observer.lease_released(kind, environment_.clock.now() - began);
}

void AsyncSqlRepo::run_with_repeats(const Task& task) {
  std::optional<CommitError> unknown;  // what became of it stays unknown until a repetition succeeds
  try {
    for (int repeats = 0;; ++repeats) {
      try {
        retry_.run(task.call, [&] { attempt(task); });
        return;
      } catch (const CommitError& error) {
        unknown = error;
        replace_for(task, error, repeats);
      } catch (const SqliteError& error) {
        replace_for(task, error, repeats);
      }
    }
  } catch (const Error&) {
    if (unknown) rethrow_translated(*unknown);
    throw;
  }
}

void AsyncSqlRepo::attempt(const Task& task) {
  Connection& use = connection(task.call);
  try {
    if (task.access == Access::kRead) {
      read_once(use, task.call, task.work);
    } else {
      TicketTimer timer(slow_log_, task.call, environment_.clock);
      const auto hold = database_.ticket().take(task.call, options_.pool.max_waiters);
      timer.begin();
      write_once(use, task.call, task.work);
    }
  } catch (const SqliteError& error) {
    clean_connection();
    // A lock is for the retry policy; what remains reaches run_with_repeats() untranslated.
    if (reaction_to(error.code()).retry == Reaction::Retry::kFromBegin) rethrow_translated(error);
    throw;
  } catch (...) {
    clean_connection();
    throw;
  }
  clean_connection();
}

void AsyncSqlRepo::clean_connection() {
  if (connection_->clean()) return;
  environment_.observer.connection_replaced(PoolKind::kWrite, Replaced::kDirty);
  connection_.reset();
}

void AsyncSqlRepo::replace_for(const Task& task, const SqliteError& error, int repeats) {
  if (judge(error) == Verdict::kKeep) rethrow_translated(error);
  drop_connection();
  const bool is_trusted = reaction_to(error.code()).trust == Reaction::Trust::kKept;
  // Who may not repeat it hears at once; the next call reconnects.
  if (!is_trusted || task.repeat == Repeat::kUnsafe || repeats == kMaxRepeats) rethrow_translated(error);
  spdlog::warn("{}: the connection failed and is replaced: {}", to_string(task.call.operation), error.what());
  reconnect(task.call);
}

Connection& AsyncSqlRepo::connection(const Call& call) {
  if (connection_) return *connection_;
  try {
    connect(call);
  } catch (const LockedError&) {
    throw;
  } catch (const Error& error) {
    if (!is_failed_ || error.code() != ErrorCode::kUnavailable) throw;
    reconnect(call);
  }
  return *connection_;
}

void AsyncSqlRepo::connect(const Call& call) {
  try {
    database_.prepare(call, options_.pool.max_waiters);
  } catch (const SqliteError& error) {
    rethrow_translated(error);
  }
  connection_ = database_.open(ConnectionRole::kOnly, call.deadline);
  is_failed_ = false;
  ++created_;
  environment_.observer.connection_created(PoolKind::kWrite);
  next_check_ = after(options_.pool.health_check_interval);
  if (next_analyze_ == TimePoint::max()) next_analyze_ = after(options_.sqlite.analyze_interval);
}

void AsyncSqlRepo::reconnect(const Call& call) {
  Seconds delay = kFirstReconnectDelay;
  for (int attempt = 1;; ++attempt) {
    const TimePoint resume_at = after(delay);
    if (resume_at >= call.deadline) {
      throw Error(ErrorCode::kTimeout,
                  "the connection failed and the deadline passed before it could be replaced");
    }
    environment_.clock.sleep_until(resume_at);
    try {
      connect(call);
      return;
    } catch (const Error& error) {
      ++errors_;
      environment_.observer.connection_error(PoolKind::kWrite);
      spdlog::error("reconnecting, attempt {} of {}: {}", attempt, kReconnectAttempts, error.what());
      if (attempt == kReconnectAttempts) throw;
    }
    delay = std::min(delay * 2, kLongestReconnectDelay);
  }
}

void AsyncSqlRepo::drop_connection() {
  ++errors_;
  is_failed_ = true;
  environment_.observer.connection_error(PoolKind::kWrite);
  environment_.observer.connection_replaced(PoolKind::kWrite, Replaced::kFailed);
  connection_.reset();
}

void AsyncSqlRepo::check_health() {
  next_check_ = after(options_.pool.health_check_interval);
  if (!connection_) return;
  const auto trouble = database_.probe(*connection_);
  ++health_checks_;
  environment_.observer.health_checked(PoolKind::kWrite, trouble ? CheckResult::kFailed : CheckResult::kOk);
  if (trouble) drop_connection();
}

void AsyncSqlRepo::analyze() {
  next_analyze_ = after(options_.sqlite.analyze_interval);
  if (!connection_) return;
  const Call call = upkeep_call(Operation::kAnalyze);
  try {
    database_.require_writable();
    TicketTimer timer(slow_log_, call, environment_.clock);
    const auto hold = database_.ticket().take(call, options_.pool.max_waiters);
    timer.begin();
    analyze_once(*connection_, call);
  } catch (const SqliteError& error) {
    spdlog::warn("analyze: put off: {}", error.what());
    if (judge(error) == Verdict::kReplace) return drop_connection();
  } catch (const std::exception& error) {
    spdlog::warn("analyze: put off: {}", error.what());
  }
  clean_connection();
}

RepositoryStats AsyncSqlRepo::stats() const {
  RepositoryStats stats;
  stats.write_connections_created = created_;
  stats.read_acquisitions = reads_;
  stats.write_acquisitions = writes_;
  stats.connection_errors = errors_;
  stats.health_checks_performed = health_checks_;
  stats.wal_bytes = database_.wal_bytes();
  PoolState one;
  one.max = 1;
  {
    const std::lock_guard lock(mutex_);
    one.in_use = running_ == nullptr ? 0 : 1;
    one.waiters = queue_.size();
  }
  one.failed = one.in_use == 0 && is_failed_ ? 1 : 0;
  one.available = one.max - one.in_use - one.failed;
  one.idle = one.available;
  stats.read = one;
  stats.write = one;
  return stats;
}

RepositoryHealth AsyncSqlRepo::health() const {
  if (const auto reason = database_.distrust()) return {RepositoryHealth::Status::kFailed, *reason};
  if (is_failed_)
    return {RepositoryHealth::Status::kDegraded, "the connection failed and is not yet replaced"};
  return {RepositoryHealth::Status::kOk, {}};
}

void AsyncSqlRepo::close() {
  if (!connection_) return;
  try {
    const Call call = upkeep_call(Operation::kClose);
    const auto hold = database_.ticket().take(call, options_.pool.max_waiters);
    database_.allow_last_checkpoint(*connection_);
    connection_.reset();
  } catch (const std::exception& error) {
    spdlog::warn("closed {} without a checkpoint: {}", database_.path(), error.what());
  }
}

}  // namespace weir::repositories::sqlite
