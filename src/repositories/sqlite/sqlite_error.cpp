#include "weir/repositories/sqlite/sqlite_error.h"

#include <sqlite3.h>

namespace weir::repositories::sqlite {

// sqlite3_errstr() describes the code alone; sqlite3_errmsg() may quote SQL and values (invariant I12).
SqliteError::SqliteError(int code, std::string_view doing)
    : std::runtime_error(std::string(doing) + ": " + sqlite3_errstr(code) + " (" + std::to_string(code) +
                         ")"),
      code_(code) {}

void throw_error(sqlite3* db, std::string_view doing) {
  throw SqliteError(sqlite3_extended_errcode(db), doing);
}

SqliteError as_index_damage(const SqliteError& error) {
  if ((error.code() & 0xFF) != SQLITE_CONSTRAINT) return error;
  return SqliteError(SQLITE_CORRUPT_VTAB, "the full-text index");
}

}  // namespace weir::repositories::sqlite
