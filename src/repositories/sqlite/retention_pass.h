#pragma once

#include <functional>

#include "weir/repositories/function_ref.h"
#include "weir/repositories/sqlite/repository_options.h"
#include "weir/repositories/sqlite/retention_plan.h"

namespace weir::repositories::sqlite {

/// Goes once through the conversations and deletes what a rule lets go.
///
/// For each it makes a plan, in a read, and carries it out in small write transactions, between which others
/// write. A transaction first looks whether the plan still holds; if it does not, a new one is made.
///
/// Thread-safety: one thread at a time. Lifetime: `environment` and what the ports use outlive it.
class RetentionPass {
 public:
  using Work = FunctionRef<void(Connection&)>;

  /// What its owner does for it.
  struct Ports {
    std::function<void(Work)> read;
    std::function<void(Work)> write;  ///< in a write transaction of its own; may run the work again
    std::function<bool()> may_go_on;  ///< asked between reads and transactions
  };

  struct Outcome {
    std::int64_t deleted = 0;
    std::int64_t conversations = 0;         ///< that events were deleted of
    std::optional<ActivityMark> done_to{};  ///< all that the rule asks of what was active until then is done
  };

  RetentionPass(const RetentionRule& rule, const Environment& environment, Ports ports);

  /// `since`: what was done to by an earlier pass under the same options need not be looked at.
  /// Errors: what the ports throw; outcome() then tells what was done before.
  void run(const std::optional<ActivityMark>& since);

  const Outcome& outcome() const { return outcome_; }
  history::RetentionPolicy policy() const { return rule_.options.policy; }

 private:
  enum class Ended { kDone, kLeft };

  Ended go_through(std::int64_t active_since);
  Ended try_clean(const ConversationKey& conversation);
  Ended clean(const ConversationKey& conversation);
  std::optional<RetentionPlan> make_plan(const ConversationKey& conversation);
  Ended carry_out(const RetentionPlan& plan);
  void count(const RetentionPlan& plan, std::size_t deleted);

  const RetentionRule rule_;
  const Environment environment_;
  const Ports ports_;
  Outcome outcome_;
  std::int64_t last_counted_ = 0;  // number of a conversation
};

}  // namespace weir::repositories::sqlite
