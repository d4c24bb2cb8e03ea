#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// What begins and ends transactions.
struct TransactionStatements {
  explicit TransactionStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;
  Statement begin{db_, "BEGIN"};
  Statement begin_immediate{db_, "BEGIN IMMEDIATE"};
  Statement commit{db_, "COMMIT"};
  Statement savepoint{db_, "SAVEPOINT member"};
  Statement release{db_, "RELEASE member"};
};

}  // namespace weir::repositories::sqlite
