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

/// Whether COMMIT failed before it wrote the frame that would commit: a full disk refuses the frames
/// themselves, and FTS5 writes what it has gathered before there are any. No constraint of the schema waits
/// for COMMIT.
bool is_before_frames(const SqliteError& error) {
  const int primary = error.code() & 0xFF;
  return primary == SQLITE_FULL || primary == SQLITE_CONSTRAINT || error.code() == SQLITE_CORRUPT_VTAB;
}

}  // namespace

WriteTransaction::WriteTransaction(Connection& connection) : connection_(connection) {
  connection_.statements().transactions.begin_immediate.run().execute();
}

WriteTransaction::~WriteTransaction() {
  roll_back(connection_);
}

void WriteTransaction::commit() {
  if (connection_.deadline_passed()) throw SqliteError(SQLITE_INTERRUPT, "before COMMIT");
  // From here on the deadline must not interrupt: half-way through, nobody could say what became of the
  // write.
  connection_.clear_deadline();
  try {
    connection_.statements().transactions.commit.run().execute();
  } catch (const SqliteError& error) {
    if (is_before_frames(error)) throw as_index_damage(error);
    throw CommitError(error.code(), "COMMIT");
  }
}

Savepoint::Savepoint(Connection& connection) : connection_(connection) {
  // Here FTS5 writes what it has gathered for whoever came before.
  touch_index([&] { connection_.statements().transactions.savepoint.run().execute(); });
}

Savepoint::~Savepoint() {
  if (!is_open_ || !connection_.in_transaction()) return;
  connection_.clear_deadline();
  sqlite3* db = connection_.handle();
  const int code = sqlite3_exec(db, "ROLLBACK TO member; RELEASE member", nullptr, nullptr, nullptr);
  // What cannot be undone alone must not be committed with the others.
  if (code != SQLITE_OK) sqlite3_exec(db, "ROLLBACK", nullptr, nullptr, nullptr);
}

void Savepoint::release() {
  touch_index([&] { connection_.statements().transactions.release.run().execute(); });
  is_open_ = false;
}

ReadTransaction::ReadTransaction(Connection& connection) : connection_(connection) {
  connection_.statements().transactions.begin.run().execute();
}

ReadTransaction::~ReadTransaction() {
  roll_back(connection_);
}

std::int64_t rows_changed(const Connection& connection) {
  return sqlite3_total_changes64(connection.handle());
}

}  // namespace weir::repositories::sqlite
