#include "weir/repositories/sqlite/pooled_sql_repo.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "weir/repositories/sqlite/group_transaction.h"
#include "weir/repositories/sqlite/reaction.h"

namespace weir::repositories::sqlite {

using history::Error;
using history::ErrorCode;
using history::RepositoryHealth;
using history::RepositoryStats;

PooledSqlRepo::PooledSqlRepo(const RepositoryOptions& options, const Environment& environment)
    : SqlRepo("PooledSqlRepo", options, environment),
      readers_({PoolKind::kRead, "the read pool of " + options.path, SlotQueue::Order::kWarm},
               options.pool.max_readers, behaviour(ConnectionRole::kReader), environment.clock,
               environment.observer),
      writers_({PoolKind::kWrite, "the write pool of " + options.path}, options.pool.max_writers,
               behaviour(ConnectionRole::kWriter), environment.clock, environment.observer),
      writes_("the write queue of " + options.path, options.write_group, environment.clock,
              [this](WriteQueue::Group& group) { run_group(group); }) {}

PooledSqlRepo::~PooledSqlRepo() {
  if (database_.is_forked()) {
    abandon_maintenance();
    if (upkeep_) upkeep_->abandon();
    if (checkpointer_) checkpointer_->abandon();
    const auto abandon = [](Connection& connection) { connection.abandon(); };
    readers_.close(abandon);
    writers_.close(abandon);
    return;
  }
  stop_maintenance();
  // Its last task may still call for replacements, through upkeep_.
  if (checkpointer_) checkpointer_->stop();
  if (upkeep_) upkeep_->stop();
  if (database_.is_prepared()) close();
}

PoolBehaviour<Connection> PooledSqlRepo::behaviour(ConnectionRole role) {
  return {
      .open = [this, role](TimePoint deadline) { return database_.open(role, deadline); },
      .clean = [](Connection& connection) { return connection.clean(); },
      .probe = [this](Connection& connection) { return database_.probe(connection); },
      .on_broken = [this] { upkeep_->wake(); },
  };
}

void PooledSqlRepo::run_read(const Call& call, Work work) {
  database_.require_usable();
  retry_.run(call, [&] {
    prepare(call);
    auto lease = readers_.acquire(call, options_.pool.max_waiters);
    const HoldTimer hold(call, lease.waited(), environment_.clock);
    guard(lease, [&] { read_once(*lease, call, work); });
  });
}

void PooledSqlRepo::run_write(const Call& call, const WriteShape& shape, Work work) {
  database_.require_writable();
  retry_.run(call, [&] {
    prepare(call);
    Write write(call, shape.bytes, work);
    writes_.submit(write, options_.pool.max_waiters);
  });
}

void PooledSqlRepo::run_group(WriteQueue::Group& group) {
  const Call call = group.leader_call();
  TicketTimer timer(slow_log_, call, environment_.clock);
  const auto hold = take_ticket(call);
  timer.begin();
  database_.require_writable();  // it may have been found damaged while this waited
  auto lease = writers_.acquire(call, options_.pool.max_waiters);
  guard(lease, [&] {
    database_.require_unmoved(*lease);
    database_.settle_log(*lease);
    lease->set_autocheckpoint(checkpointer_->backstop());
    const TimePoint began = environment_.clock.now();
    take_pages_written(*lease);
    if (!commit_group(*lease, group, environment_.clock)) return;
    environment_.observer.group_committed(group.size(), environment_.clock.now() - began);
    checkpointer_->note_commit(take_pages_written(*lease));
    acknowledge(*lease);
  });
}

void PooledSqlRepo::prepare(const Call& call) {
  if (!database_.is_prepared()) {
    try {
      database_.prepare(call, options_.pool.max_waiters);
    } catch (const SqliteError& error) {
      rethrow_translated(error);
    }
  }
  std::call_once(upkeep_started_, [this] { start_upkeep(); });
}

WriteTicket::Hold PooledSqlRepo::take_ticket(const Call& call) {
  try {
    return database_.ticket().take(call, options_.pool.max_waiters);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kTimeout) environment_.observer.acquire_timed_out(PoolKind::kWrite);
    throw;
  }
}

void PooledSqlRepo::guard(Pool::Lease& lease, FunctionRef<void()> body) {
  try {
    body();
  } catch (const SqliteError& error) {
    if (judge(error) == Verdict::kReplace) lease.discard(Replaced::kFailed);
    rethrow_translated(error);
  }
}

Checkpointer::Ports PooledSqlRepo::checkpoint_ports() {
  return {
      .with_idle_writer =
          [this](const Call& call, FunctionRef<void(Connection&)> work) {
            auto lease = writers_.acquire(call, options_.pool.max_waiters, SlotQueue::Prefer::kColdest);
            guard(lease, [&] { work(*lease); });
          },
      .hold_readers = [this](TimePoint until) { readers_.hold_until(until); },
      .slow_log = slow_log_,
  };
}

void PooledSqlRepo::start_upkeep() {
  next_check_ = after(options_.pool.health_check_interval);
  next_analyze_ = after(options_.sqlite.analyze_interval);
  upkeep_ = std::make_unique<BackgroundThread>(
      std::vector<BackgroundThread::Task>{[this](TimePoint now) { return check_health(now); },
                                          [this](TimePoint now) { return analyze(now); }},
      environment_.clock);
  checkpointer_ = std::make_unique<Checkpointer>(database_, options_, environment_, checkpoint_ports());
  start_maintenance();
}

TimePoint PooledSqlRepo::check_health(TimePoint now) {
  if (now >= next_check_) {
    ++health_round_;
    readers_.check_idle(health_round_);
    writers_.check_idle(health_round_);
    next_check_ = after(options_.pool.health_check_interval);
  }
  readers_.reopen_failed();
  writers_.reopen_failed();
  return std::min({next_check_, readers_.next_retry().value_or(TimePoint::max()),
                   writers_.next_retry().value_or(TimePoint::max())});
}

TimePoint PooledSqlRepo::analyze(TimePoint now) {
  if (now < next_analyze_) return next_analyze_;
  next_analyze_ = after(options_.sqlite.analyze_interval);
  const Call call = upkeep_call(Operation::kAnalyze);
  try {
    database_.require_writable();
    TicketTimer timer(slow_log_, call, environment_.clock);
    const auto hold = take_ticket(call);
    timer.begin();
    auto lease = writers_.acquire(call, options_.pool.max_waiters);
    guard(lease, [&] { analyze_once(*lease, call); });
  } catch (const Error& error) {
    spdlog::warn("analyze: put off: {}", error.what());
  }
  return next_analyze_;
}

RepositoryStats PooledSqlRepo::stats() const {
  RepositoryStats stats;
  stats.read_connections_created = readers_.created();
  stats.write_connections_created = writers_.created();
  stats.read_acquisitions = readers_.acquisitions();
  stats.write_acquisitions = writers_.acquisitions();
  stats.connection_errors = readers_.errors() + writers_.errors();
  stats.health_checks_performed = readers_.health_checks() + writers_.health_checks();
  stats.read = readers_.state();
  stats.write = writers_.state();
  stats.write.waiters += writes_.waiters();
  if (database_.is_prepared()) {
    stats.write.waiters += database_.ticket().waiters();
    stats.wal_bytes = database_.wal_bytes();
  }
  return stats;
}

RepositoryHealth PooledSqlRepo::health() const {
  using Status = RepositoryHealth::Status;
  if (const auto reason = database_.distrust()) return {Status::kFailed, *reason};
  const auto read = readers_.state();
  const auto write = writers_.state();
  const std::string failed = std::to_string(read.failed) + " of " + std::to_string(read.max) +
                             " readers and " + std::to_string(write.failed) + " of " +
                             std::to_string(write.max) + " writers cannot be opened";
  if (read.failed == read.max || write.failed == write.max) return {Status::kFailed, failed};
  if (read.failed + write.failed > 0) return {Status::kDegraded, failed};
  return {Status::kOk, {}};
}

void PooledSqlRepo::close() {
  readers_.close([](Connection&) {});
  try {
    const Call call = upkeep_call(Operation::kClose);
    const auto hold = database_.ticket().take(call, options_.pool.max_waiters);
    writers_.close([this](Connection& connection) { database_.allow_last_checkpoint(connection); });
  } catch (const std::exception& error) {
    // Nothing is lost: the log stays, and whoever opens the file next reads it.
    spdlog::warn("closed {} without a checkpoint: {}", database_.path(), error.what());
  }
}

}  // namespace weir::repositories::sqlite
