#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the full-text index.
struct SearchStatements {
  explicit SearchStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;
};

}  // namespace weir::repositories::sqlite
