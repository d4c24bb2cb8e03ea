#include "sqlite/plain_database.h"

#include <memory>
#include <sstream>
#include <stdexcept>

namespace weir::testing {
namespace {

[[noreturn]] void fail(sqlite3* db) {
  throw std::runtime_error(std::string("looking at the database: ") + sqlite3_errmsg(db));
}

/// The columns of a row, one after the other.
std::string row_text(sqlite3_stmt* statement) {
  std::string text;
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    const unsigned char* value = sqlite3_column_text(statement, i);
    text += i == 0 ? "" : "|";
    text += value == nullptr ? "null" : reinterpret_cast<const char*>(value);
  }
  return text + "\n";
}

}  // namespace

PlainDatabase::PlainDatabase(const std::string& path) {
  if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK) return;
  const std::string what = sqlite3_errmsg(db_);
  sqlite3_close(db_);
  throw std::runtime_error(path + ": " + what);
}

PlainDatabase::~PlainDatabase() {
  sqlite3_close(db_);
}

std::string PlainDatabase::ask(const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) fail(db_);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared, sqlite3_finalize);
  std::string text;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(prepared)) == SQLITE_ROW) text += row_text(prepared);
  if (code != SQLITE_DONE) fail(db_);
  return text;
}

std::string PlainDatabase::integrity() {
  const std::string found = ask("PRAGMA integrity_check") + ask("PRAGMA foreign_key_check");
  return found == "ok\n" ? "ok" : found;
}

std::string PlainDatabase::dump() {
  std::istringstream tables(
      ask("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
          " AND name NOT IN ('weir_database', 'sqlite_stat1', 'sqlite_stat4') ORDER BY name"));
  std::string text;
  for (std::string table; std::getline(tables, table);) {
    text += table + "\n" + ask("SELECT * FROM \"" + table + "\" ORDER BY 1");
  }
  return text;
}

}  // namespace weir::testing
