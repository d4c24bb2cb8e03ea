#include "weir/repositories/sqlite/retention_step.h"

#include <chrono>

#include "weir/repositories/sqlite/deletion.h"

namespace weir::repositories::sqlite {
namespace {

using history::Seq;

/// Committing what was deleted takes about as long again, and both together must stay below 20 ms.
constexpr std::chrono::milliseconds kTimeOfStep{5};

bool has_result_behind(Connection& connection, Place place) {
  auto run = connection.statements().retention.result_behind.run();
  run.bind(place);
  return run.step();
}

/// Whether what the plan was made from is still there. Appends do not matter, unless a call that goes may
/// have got its result by one.
bool holds(Connection& connection, const RetentionPlan& plan) {
  auto run = connection.statements().retention.last_seq.run();
  run.bind(plan.conversation.number)
      .bind(plan.conversation.created_at)
      .bind(plan.last_place)
      .bind(plan.last_id);
  return run.step() && (!plan.has_open_calls || !has_result_behind(connection, plan.last_place));
}

}  // namespace

RetentionStep delete_step(Connection& connection, const RetentionPlan& plan, std::size_t first_unit,
                          const Clock& clock) {
  if (!holds(connection, plan)) return {.plan = RetentionStep::Plan::kIsPast};
  const TimePoint until = clock.now() + kTimeOfStep;
  RetentionStep step{.next_unit = first_unit};
  for (std::size_t events = 0; step.next_unit < plan.units.size(); ++step.next_unit) {
    const RetentionPlan::Unit& unit = plan.units[step.next_unit];
    events += unit.size();
    const bool is_first = step.next_unit == first_unit;
    if (!is_first && (events > kMostDeletedAtOnce || clock.now() >= until)) break;
    for (const Seq seq : unit) {
      if (delete_event(connection, place_of(plan.conversation.number, seq))) ++step.deleted;
    }
  }
  connection.statements()
      .conversations.discount.run()
      .bind(plan.conversation.number)
      .bind(static_cast<std::int64_t>(step.deleted))
      .execute();
  return step;
}

}  // namespace weir::repositories::sqlite
