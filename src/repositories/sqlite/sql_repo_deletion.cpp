#include <spdlog/spdlog.h>

#include "weir/history/error.h"
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
  TimedCall timed(make_call(Operation::kDeleteConversation, options));
  Deleted deleted;
  Remains remains{};
  const auto hide = [&](Connection& connection) { deleted = hide_conversation(connection, conversation_id); };
  const auto hide_and_remove = [&](Connection& connection) {
    hide(connection);
    remains = deleted ? remove_some(connection, deleted) : Remains::kNothing;
  };
  account(timed.call, [&] {
    write_hiding(timed.call, hide_and_remove, hide);
    if (remains == Remains::kSome) remove_remains(timed.call.deadline, deleted);
  });
  return deleted.has_value();
}

std::int64_t SqlRepo::clear_all(const CallOptions& options) {
  TimedCall timed(make_call(Operation::kClearAll, options));
  std::int64_t events = 0;
  Remains remains{};
  const auto hide = [&](Connection& connection) { events = hide_all(connection); };
  const auto hide_and_remove = [&](Connection& connection) {
    hide(connection);
    remains = remove_some(connection, std::nullopt);
  };
  account(timed.call, [&] {
    write_hiding(timed.call, hide_and_remove, hide);
    if (remains == Remains::kSome) remove_remains(timed.call.deadline, std::nullopt);
  });
  return events;
}

void SqlRepo::write_hiding(const Call& call, Work hide_and_remove, Work hide) {
  may_have_remains_ = true;  // whatever becomes of this call
  try {
    run_write(call, kAnyAmount, hide_and_remove);
  } catch (const Error& error) {
    // Hiding touches no index. The background removes the rest, once it has given up that one.
    if (!is_index_damaged_ || error.code() != ErrorCode::kUnavailable) throw;
    run_write(call, kAnyAmount, hide);
  }
}

void SqlRepo::remove_remains(TimePoint deadline, const Deleted& of) {
  try {
    while (remove_step({Operation::kRemoveDeleted, environment_.clock.now(), deadline}, of) ==
           Remains::kSome) {
    }
  } catch (const std::exception&) {
    // What was asked for is done. The background removes the rest, and tells of what lies in the way.
    may_have_remains_ = true;
  }
}

Remains SqlRepo::remove_step(const Call& call, const Deleted& of) {
  merge_before_step([&] { return Call{call.operation, environment_.clock.now(), call.deadline}; });
  await_checkpoint(call.deadline);
  Remains remains{};
  run_write(call, {Repeat::kSafe, WriteQueue::Member::kAlone},
            [&](Connection& connection) { remains = remove_some(connection, of); });
  return remains;
}

TimePoint SqlRepo::remove_in_background(TimePoint now) {
  if (!may_have_remains_.exchange(false)) return after(kLookForRemains);
  try {
    const Call call = upkeep_call(Operation::kRemoveDeleted);
    Remains remains{};
    run_read(call, [&](Connection& connection) { remains = find_remains(connection, std::nullopt); });
    if (remains == Remains::kSome && remove_step(call, std::nullopt) == Remains::kSome) {
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
