#include <spdlog/spdlog.h>

#include "weir/repositories/sqlite/deletion.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

// How soon what a caller left, at its deadline or with an error, is gone on with.
constexpr Seconds kLookForRemains{1.0};
constexpr Seconds kPauseAfterError{60.0};

}  // namespace

bool SqlRepo::delete_conversation(const ConversationId& conversation_id, const CallOptions& options) {
  bool existed = false;
  hide_and_remove(Operation::kDeleteConversation, options,
                  [&](Connection& connection) { existed = hide_conversation(connection, conversation_id); });
  return existed;
}

std::int64_t SqlRepo::clear_all(const CallOptions& options) {
  std::int64_t events = 0;
  hide_and_remove(Operation::kClearAll, options,
                  [&](Connection& connection) { events = hide_all(connection); });
  return events;
}

void SqlRepo::hide_and_remove(Operation operation, const CallOptions& options, Work hide) {
  const Call call = make_call(operation, options);
  Remains remains{};
  account(call, [&] {
    run_write(call, kAnyAmount, [&](Connection& connection) {
      hide(connection);
      remains = remove_some(connection);
    });
    if (remains == Remains::kSome) remove_remains(call.deadline);
  });
}

void SqlRepo::remove_remains(TimePoint deadline) {
  try {
    while (remove_step({Operation::kRemoveDeleted, environment_.clock.now(), deadline}) == Remains::kSome) {
    }
  } catch (const std::exception&) {
    // What was asked for is done. The background removes the rest, and tells of what lies in the way.
    may_have_remains_ = true;
  }
}

Remains SqlRepo::remove_step(const Call& call) {
  merge_before_step([&] {
    return Call{call.operation, environment_.clock.now(), call.deadline};
  });
  await_checkpoint(call.deadline);
  Remains remains{};
  run_write(call, {Repeat::kSafe, WriteQueue::Member::kAlone},
            [&](Connection& connection) { remains = remove_some(connection); });
  return remains;
}

TimePoint SqlRepo::remove_in_background(TimePoint now) {
  if (!may_have_remains_.exchange(false)) return after(kLookForRemains);
  try {
    const Call call = upkeep_call(Operation::kRemoveDeleted);
    Remains remains{};
    run_read(call, [&](Connection& connection) { remains = find_remains(connection); });
    if (remains == Remains::kSome && remove_step(call) == Remains::kSome) {
      may_have_remains_ = true;
      return now;
    }
  } catch (const std::exception& error) {
    may_have_remains_ = true;
    spdlog::warn("removing what was deleted: put off: {}", error.what());
    return after(kPauseAfterError);
  }
  return after(kLookForRemains);
}

}  // namespace weir::repositories::sqlite
