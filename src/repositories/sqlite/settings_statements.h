#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the table of settings.
struct SettingsStatements {
  explicit SettingsStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  Statement find{db_, "SELECT value, version FROM settings WHERE scope = ?1 AND key = ?2"};
  Statement list{db_,
                 "SELECT key, value, version FROM settings"
                 " WHERE scope = ?1 AND key > ?2 AND value IS NOT NULL ORDER BY key LIMIT ?3"};
  Statement put{db_,
                "INSERT INTO settings(scope, key, value, version) VALUES (?1, ?2, ?3, ?4)"
                " ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value, version = excluded.version"};
};

}  // namespace weir::repositories::sqlite
