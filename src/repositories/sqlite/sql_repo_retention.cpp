#include <spdlog/spdlog.h>

#include <algorithm>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/search_index.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

RetentionRule rule_at(const RetentionOptions& options, const Clock& clock) {
  const auto now = std::chrono::floor<std::chrono::microseconds>(clock.wall_now());
  return {options, now - std::chrono::days(options.retention_days)};
}

}  // namespace

RetentionPass SqlRepo::make_retention_pass(const RetentionOptions& policy, const CallMaker& make_call,
                                           std::function<bool()> may_go_on) {
  // Alone, for a group would add its time to that of the transaction.
  static constexpr WriteShape kShape{Repeat::kSafe, WriteQueue::Member::kAlone};
  RetentionPass::Ports ports{.read = [this, make_call](Work work) { run_read(make_call(), work); },
                             .write =
                                 [this, make_call](Work work) {
                                   merge_before_step(make_call);
                                   const Call call = make_call();
                                   await_checkpoint(call.deadline);
                                   run_write(call, kShape, work);
                                 },
                             .may_go_on = std::move(may_go_on)};
  return RetentionPass(rule_at(policy, environment_.clock), environment_, std::move(ports));
}

void SqlRepo::merge_before_step(const CallMaker& make_call) {
  for (int portion = 0; portion < kMostMerges; ++portion) {
    const Call call = make_call();
    await_checkpoint(call.deadline);
    if (!merge_step(call)) return;
  }
}

void SqlRepo::await_checkpoint(TimePoint deadline) const {
  constexpr std::chrono::milliseconds kLook{5};
  constexpr std::chrono::seconds kLongest{1};
  const TimePoint until = std::min(deadline, environment_.clock.now() + kLongest);
  while (is_checkpoint_due() && !is_ending_ && environment_.clock.now() < until) {
    environment_.clock.sleep_until(environment_.clock.now() + kLook);
  }
}

void SqlRepo::run_retention(RetentionPass& pass, const std::optional<ActivityMark>& since) {
  const TimePoint began = environment_.clock.now();
  const auto log = [&] {
    const RetentionPass::Outcome& done = pass.outcome();
    if (done.deleted == 0) return;
    spdlog::info("retention: {} deleted {} events of {} conversations in {:.3f} s", to_string(pass.policy()),
                 done.deleted, done.conversations, Seconds(environment_.clock.now() - began).count());
  };
  try {
    pass.run(since);
  } catch (const Error& error) {
    log();
    if (error.code() != ErrorCode::kTimeout) throw;
    return;
  }
  log();
}

std::int64_t SqlRepo::apply_retention(const RetentionOptions& policy, const CallOptions& options) {
  const Call call = make_call(Operation::kApplyRetention, options);
  const auto now = [this] { return environment_.clock.now(); };
  RetentionPass pass = make_retention_pass(
      policy,
      [call, now] {
        return Call{call.operation, now(), call.deadline};
      },
      [call, now] { return now() < call.deadline; });
  account(call, [&] { run_retention(pass, std::nullopt); });
  return pass.outcome().deleted;
}

BackgroundThread::Task SqlRepo::retention_task() {
  return [this, done_to = std::optional<ActivityMark>()](TimePoint now) mutable {
    const auto make_call = [this] { return upkeep_call(Operation::kApplyRetention); };
    try {
      RetentionPass pass = make_retention_pass(options_.retention, make_call, [this] { return !is_ending_; });
      account(make_call(), [&] { run_retention(pass, done_to); });
      if (pass.outcome().done_to) done_to = pass.outcome().done_to;
    } catch (const std::exception& error) {
      spdlog::warn("retention: put off: {}", error.what());
    }
    return add_saturating(now, options_.retention.interval);
  };
}

}  // namespace weir::repositories::sqlite
