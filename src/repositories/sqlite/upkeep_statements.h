#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// What a connection asks about itself.
struct UpkeepStatements {
  explicit UpkeepStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  Statement query_only{db_, "PRAGMA query_only"};
  Statement refused_write{db_, "UPDATE weir_database SET key = key WHERE false"};
  Statement sentinel{db_, "SELECT database_id FROM weir_database WHERE key = 1"};
  Statement page_count{db_, "PRAGMA page_count"};
};

}  // namespace weir::repositories::sqlite
