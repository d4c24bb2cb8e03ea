#pragma once

#include "weir/repositories/function_ref.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/write_queue.h"

namespace weir::repositories::sqlite {

/// A member of a group: what it does to a connection that stands in its group's write transaction.
///
/// Thread-safety: as WriteQueue::Member.
struct Write : WriteQueue::Member {
  using Work = FunctionRef<void(Connection&)>;

  Write(const Call& its_call, std::size_t its_bytes, Work its_work)
      : Member(its_call, its_bytes), work(its_work) {}

  Work work;
};

/// Runs every member of `group` in one transaction, each within its own deadline, and commits. False when
/// every one of them failed, so that nothing was committed.
///
/// A member that fails is rolled back alone and told at once; the others go on, or, when it was the first,
/// stay in line for the next group. When the transaction is lost
/// with it, as SQLite gives it up after an I/O error, a full disk or an interrupted statement, the others go
/// back into the line and only the culprit hears of it.
///
/// The write ticket is held by the caller. Errors: SqliteError and history::Error, the outcome of whoever is
/// in the group by then; CommitError when it is unknown whether the group is stored.
/// `clock` times it, for the members' calls.
bool commit_group(Connection& connection, WriteQueue::Group& group, const Clock& clock);

}  // namespace weir::repositories::sqlite
