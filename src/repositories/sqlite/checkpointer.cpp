#include "weir/repositories/sqlite/checkpointer.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "weir/history/error.h"
#include "weir/repositories/upkeep_call.h"

namespace weir::repositories::sqlite {
namespace {

constexpr Duration kShortWait = std::chrono::milliseconds{2};
constexpr Duration kFirstRetry = std::chrono::milliseconds{100};
constexpr Duration kLaterRetry = std::chrono::seconds{1};

// More pages than a log can be let grow to.
constexpr int kMostPages = 1 << 29;

int first_backstop(const SqliteOptions& options) {
  return std::min(options.checkpoint_pages, kMostPages) + std::min(options.wal_autocheckpoint, kMostPages);
}

/// Holds new readers as long as it lives, and no longer than until a given time.
class ReaderGate {
 public:
  ReaderGate(const std::function<void(TimePoint)>& hold_readers, TimePoint until)
      : hold_readers_(hold_readers) {
    hold_readers_(until);
  }
  ReaderGate(const ReaderGate&) = delete;
  ReaderGate& operator=(const ReaderGate&) = delete;
  ~ReaderGate() { hold_readers_(TimePoint::min()); }

 private:
  const std::function<void(TimePoint)>& hold_readers_;
};

}  // namespace

Checkpointer::Checkpointer(Database& database, const RepositoryOptions& options,
                           const Environment& environment, Ports ports)
    : database_(database),
      options_(options),
      environment_(environment),
      ports_(std::move(ports)),
      backstop_(first_backstop(options.sqlite)),
      thread_({[this](TimePoint now) { return run(now); }}, environment.clock) {}

void Checkpointer::note_commit(std::int64_t pages) {
  const std::int64_t before = pending_.fetch_add(pages);
  const auto has_reached = [&](std::int64_t mark) { return before < mark && before + pages >= mark; };
  // At the first mark it begins to watch whether the log still grows, at the second it is due.
  if (has_reached(options_.sqlite.wal_autocheckpoint) || has_reached(options_.sqlite.checkpoint_pages)) {
    thread_.wake();
  }
}

TimePoint Checkpointer::run(TimePoint now) {
  const std::int64_t pending = pending_.load();
  const bool is_due = pending >= options_.sqlite.checkpoint_pages || now >= retry_at_;
  is_idle_ = pending == last_seen_;
  last_seen_ = pending;
  if (is_due || (is_idle_ && is_worth_it() && retry_at_ == TimePoint::max())) attempt(now);
  if (!is_worth_it()) return retry_at_;
  return std::min(retry_at_, environment_.clock.now() + kIdle);
}

bool Checkpointer::is_worth_it() const {
  return !is_cut_ || pending_.load() >= options_.sqlite.wal_autocheckpoint;
}

void Checkpointer::attempt(TimePoint now) {
  retry_at_ = TimePoint::max();
  const Call call = upkeep_call(Operation::kCheckpoint, now);
  try {
    conclude(checkpoint_once(call), environment_.clock.now() - now);
  } catch (const history::Error& error) {
    environment_.observer.checkpointed(CheckpointResult::kFailed, environment_.clock.now() - now);
    spdlog::warn("checkpoint: put off: {}", error.what());
    pending_ = 0;  // until then: what is written meanwhile is no reason to try earlier
    retry_at_ = environment_.clock.now() + kLaterRetry;
  }
}

CheckpointOutcome Checkpointer::checkpoint_once(const Call& call) {
  database_.require_writable();
  // With synchronous full it is there already.
  if (options_.sqlite.synchronous == Synchronous::kNormal) {
    ports_.with_idle_writer(call, [](Connection& connection) { sync_log(connection); });
  }
  TicketTimer timer(ports_.slow_log, call, environment_.clock);
  const auto hold = database_.ticket().take(call, options_.pool.max_waiters);
  timer.begin();
  pending_ = 0;
  last_seen_ = 0;
  const Effort effort = this->effort();
  is_cut_ = effort != Effort::kNone;
  if (effort != Effort::kAll) return copy(call, effort);
  database_.limit_read_age(true);
  environment_.observer.readers_held();
  const ReaderGate gate(ports_.hold_readers, environment_.clock.now() + kGate);
  return copy(call, effort);
}

CheckpointOutcome Checkpointer::copy(const Call& call, Effort effort) {
  CheckpointOutcome outcome{};
  const auto mode = effort == Effort::kNone ? CheckpointMode::kRestart : CheckpointMode::kTruncate;
  ports_.with_idle_writer(call, [&](Connection& connection) {
    database_.require_unmoved(connection);
    outcome = checkpoint(connection, mode, wait_for_readers(effort));
  });
  return outcome;
}

Duration Checkpointer::wait_for_readers(Effort effort) {
  if (effort == Effort::kAll) return kGate;
  return effort == Effort::kSome ? kShortWait : Duration::zero();
}

void Checkpointer::conclude(const CheckpointOutcome& outcome, Duration took) {
  const auto result = outcome.is_complete ? CheckpointResult::kComplete : CheckpointResult::kPartial;
  environment_.observer.checkpointed(result, took);
  if (effort() != Effort::kAll) database_.limit_read_age(false);
  backstop_ = first_backstop(options_.sqlite) + (outcome.is_complete ? 0 : std::max(outcome.log_pages, 0));
  failures_ = outcome.is_complete ? 0 : failures_ + 1;
  if (failures_ > 0) {
    retry_at_ = environment_.clock.now() + (failures_ == 1 ? kFirstRetry : kLaterRetry);
  }
}

Checkpointer::Effort Checkpointer::effort() const {
  const std::uint64_t bytes = database_.wal_bytes();
  if (bytes >= options_.sqlite.wal_limit) return Effort::kAll;
  if (bytes >= options_.sqlite.wal_limit / 4 * 3) return Effort::kSome;
  return is_idle_ ? Effort::kCut : Effort::kNone;
}

}  // namespace weir::repositories::sqlite
