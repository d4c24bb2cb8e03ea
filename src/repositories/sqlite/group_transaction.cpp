#include "weir/repositories/sqlite/group_transaction.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/sqlite_error.h"
#include "weir/repositories/sqlite/transaction.h"

namespace weir::repositories::sqlite {
namespace {

using Group = WriteQueue::Group;

/// What a member is to be told; SQLite's own errors are translated.
std::exception_ptr translated(const SqliteError& error) {
  try {
    rethrow_translated(error);
  } catch (...) {
    return std::current_exception();
  }
}

bool is_over_for_all(const Connection& connection, const SqliteError& error) {
  return !connection.in_transaction() ||
         reaction_to(error.code()).transaction == Reaction::Transaction::kWhole;
}

enum class Undo { kWithTransaction, kWithSavepoint };

/// Runs a member's work within its deadline. Errors: what the work throws; then nothing of it is left, or
/// nothing will be once the transaction is rolled back.
void run_work(Connection& connection, Write& write, Undo undo) {
  connection.set_deadline(write.call.deadline);
  if (connection.deadline_passed()) throw SqliteError(SQLITE_INTERRUPT, "before its turn in a group");
  if (undo == Undo::kWithTransaction) return write.work(connection);
  Savepoint savepoint(connection);
  write.work(connection);
  savepoint.release();
}

/// How the member failed alone; null when it did its work. Throws when the whole transaction is lost.
std::exception_ptr run_member(Connection& connection, Group& group, Write& write, Undo undo) {
  const std::int64_t rows = rows_changed(connection);
  try {
    run_work(connection, write, undo);
    if (write.call.times != nullptr) write.call.times->rows = rows_changed(connection) - rows;
    return nullptr;
  } catch (const SqliteError& error) {
    if (!is_over_for_all(connection, error)) return translated(error);
    group.put_back_others(write);
    throw;
  } catch (const std::exception&) {
    if (connection.in_transaction()) return std::current_exception();
    group.put_back_others(write);
    throw;
  }
}

struct GroupTimes {
  TimePoint began;
  TimePoint done;  // but for the commit
  TimePoint committed;
};

/// Before the members are told, for then they go.
void tell_times(const Group& group, const GroupTimes& at) {
  for (const WriteQueue::Member* member : group.members()) {
    CallTimes* times = member->call.times;
    if (times == nullptr) continue;
    times->is_begun = true;
    times->waited = std::max(at.began - member->call.arrived, Duration::zero());  // it may have come since
    times->held = at.committed - at.began;
    times->commit = at.committed - at.done;
    times->batch = group.size();
  }
}

}  // namespace

bool commit_group(Connection& connection, Group& group, const Clock& clock) {
  const TimePoint began = clock.now();
  connection.set_deadline(group.leader_call().deadline);
  WriteTransaction transaction(connection);
  TimePoint latest = TimePoint::min();
  // The first one, the only one as a rule, does without a savepoint: when it fails nobody else has done
  // anything yet, and whoever waits is led by another.
  Undo undo = Undo::kWithTransaction;
  while (WriteQueue::Member* member = group.next()) {
    const TimePoint deadline = member->call.deadline;  // once it has failed it may be gone
    if (auto error = run_member(connection, group, static_cast<Write&>(*member), undo)) {
      group.fail(*member, std::move(error));  // outside of any handler: now the member alone has it
      if (undo == Undo::kWithTransaction) return false;
    } else {
      latest = std::max(latest, deadline);
    }
    undo = Undo::kWithSavepoint;
  }
  if (group.size() == 0) return false;
  // Nobody is to miss the commit for the deadline of another, who may have failed.
  connection.set_deadline(latest);
  const TimePoint done = clock.now();
  transaction.commit();
  tell_times(group, {.began = began, .done = done, .committed = clock.now()});
  return true;
}

}  // namespace weir::repositories::sqlite
