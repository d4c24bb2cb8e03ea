#include "weir/repositories/sqlite/retention_pass.h"

#include <spdlog/spdlog.h>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/retention_step.h"

namespace weir::repositories::sqlite {
namespace {

/// So often is a plan made anew that was past before it was carried out; then the conversation is left to
/// the next pass.
constexpr int kPlansInVain = 3;

}  // namespace

RetentionPass::RetentionPass(const RetentionRule& rule, const Environment& environment, Ports ports)
    : rule_(rule), environment_(environment), ports_(std::move(ports)) {}

void RetentionPass::run(const std::optional<ActivityMark>& since) {
  if (rule_.options.policy == history::RetentionPolicy::kUnlimited) return;
  ActivityRange activity;
  ports_.read([&](Connection& connection) { activity = read_activity(connection, since); });
  if (go_through(activity.since) == Ended::kDone) outcome_.done_to = activity.newest;
}

RetentionPass::Ended RetentionPass::go_through(std::int64_t active_since) {
  PortionStart start{0, active_since};
  Ended ended = Ended::kDone;
  for (;;) {
    Portion portion;
    ports_.read([&](Connection& connection) { portion = find_portion(connection, rule_, start); });
    if (!portion.last_number) return ended;
    for (const ConversationKey& conversation : portion.found) {
      if (!ports_.may_go_on()) return Ended::kLeft;
      if (try_clean(conversation) == Ended::kLeft) ended = Ended::kLeft;
    }
    if (!ports_.may_go_on()) return Ended::kLeft;
    start.after_number = *portion.last_number;
  }
}

RetentionPass::Ended RetentionPass::try_clean(const ConversationKey& conversation) {
  try {
    return clean(conversation);
  } catch (const history::Error& error) {
    // What one conversation has no time for must not keep the others from theirs.
    if (error.code() != history::ErrorCode::kTimeout || !ports_.may_go_on()) throw;
    spdlog::warn("retention: a conversation took too long and is left to the next pass: {}", error.what());
    return Ended::kLeft;
  }
}

RetentionPass::Ended RetentionPass::clean(const ConversationKey& conversation) {
  int in_vain = 0;
  while (const auto plan = make_plan(conversation)) {
    if (carry_out(*plan) == Ended::kLeft) ++in_vain;
    if (in_vain == kPlansInVain || !ports_.may_go_on()) return Ended::kLeft;
  }
  return Ended::kDone;
}

std::optional<RetentionPlan> RetentionPass::make_plan(const ConversationKey& conversation) {
  std::optional<RetentionPlan> plan;
  ports_.read([&](Connection& connection) { plan = plan_retention(connection, rule_, conversation); });
  return plan;
}

RetentionPass::Ended RetentionPass::carry_out(const RetentionPlan& plan) {
  for (std::size_t unit = 0; unit < plan.units.size();) {
    if (!ports_.may_go_on()) return Ended::kLeft;
    RetentionStep step;
    ports_.write(
        [&](Connection& connection) { step = delete_step(connection, plan, unit, environment_.clock); });
    if (step.plan == RetentionStep::Plan::kIsPast) return Ended::kLeft;
    unit = step.next_unit;
    count(plan, step.deleted);
  }
  return Ended::kDone;
}

void RetentionPass::count(const RetentionPlan& plan, std::size_t deleted) {
  if (deleted == 0) return;
  outcome_.deleted += static_cast<std::int64_t>(deleted);
  if (last_counted_ != plan.conversation.number) ++outcome_.conversations;
  last_counted_ = plan.conversation.number;
  environment_.observer.events_deleted(deleted);
}

}  // namespace weir::repositories::sqlite
