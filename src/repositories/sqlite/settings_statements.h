#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the table of settings.
struct SettingsStatements {
  explicit SettingsStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;
};

}  // namespace weir::repositories::sqlite
