#include "weir/repositories/sqlite/group_transaction.h"

#include <sqlite3.h>

#include <algorithm>

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
         reaction_to(error.code()).connection == Reaction::Connection::kReplace;
}

/// Runs a member between two savepoints. False when it failed alone; throws when the whole transaction is
/// lost.
bool run_member(Connection& connection, Group& group, Write& write) {
  connection.set_deadline(write.call.deadline);
  try {
    if (connection.deadline_passed()) throw SqliteError(SQLITE_INTERRUPT, "before its turn in a group");
    Savepoint savepoint(connection);
    write.work(connection);
    savepoint.release();
    return true;
  } catch (const SqliteError& error) {
    if (is_over_for_all(connection, error)) {
      group.put_back_others(write);
      throw;
    }
    group.fail(write, translated(error));
  } catch (const std::exception&) {
    // It may be what the transaction was lost by all the same, or the undoing of its part.
    if (!connection.in_transaction()) {
      group.put_back_others(write);
      throw;
    }
    group.fail(write, std::current_exception());
  }
  return false;
}

}  // namespace

bool commit_group(Connection& connection, Group& group) {
  connection.set_deadline(group.leader_call().deadline);
  WriteTransaction transaction(connection);
  TimePoint latest = TimePoint::min();
  while (WriteQueue::Member* member = group.next()) {
    const TimePoint deadline = member->call.deadline;  // once it has failed it may be gone
    if (run_member(connection, group, static_cast<Write&>(*member))) latest = std::max(latest, deadline);
  }
  if (group.size() == 0) return false;
  // Nobody is to miss the commit for the deadline of another, who may have failed.
  connection.set_deadline(latest);
  transaction.commit();
  return true;
}

}  // namespace weir::repositories::sqlite
