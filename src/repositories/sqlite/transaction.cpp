#include "weir/repositories/sqlite/transaction.h"

#include <sqlite3.h>

#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {
namespace {

/// A transaction that cannot be rolled back is found, and its connection discarded, when the lease comes
/// back.
void roll_back(Connection& connection) noexcept {
  connection.clear_deadline();
  if (connection.in_transaction()) sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace

WriteTransaction::WriteTransaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN IMMEDIATE");
}

WriteTransaction::~WriteTransaction() {
  roll_back(connection_);
}

void WriteTransaction::commit() {
  if (connection_.deadline_passed()) throw SqliteError(SQLITE_INTERRUPT, "before COMMIT");
  // From here on the deadline must not interrupt: half-way through, nobody could say what became of the
  // write.
  connection_.clear_deadline();
  if (sqlite3_exec(connection_.handle(), "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK) return;
  const int code = sqlite3_extended_errcode(connection_.handle());
  // A full disk refuses the frames themselves, so the one that would commit is not in the log.
  if ((code & 0xFF) == SQLITE_FULL) throw SqliteError(code, "COMMIT");
  throw CommitError(code, "COMMIT");
}

ReadTransaction::ReadTransaction(Connection& connection) : connection_(connection) {
  connection_.execute("BEGIN");
}

ReadTransaction::~ReadTransaction() {
  roll_back(connection_);
}

}  // namespace weir::repositories::sqlite
