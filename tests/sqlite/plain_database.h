#pragma once

#include <sqlite3.h>

#include <string>

namespace weir::testing {

/// A database file opened past weir and past whatever VFS stands in for the system's.
///
/// Thread-safety: one thread at a time. Errors: std::runtime_error, from every member.
class PlainDatabase {
 public:
  explicit PlainDatabase(const std::string& path);
  PlainDatabase(const PlainDatabase&) = delete;
  PlainDatabase& operator=(const PlainDatabase&) = delete;
  ~PlainDatabase();

  /// "ok", or what SQLite finds wrong.
  std::string integrity();

  /// Every row of every table, as text; without what is another each time one is made.
  std::string dump();

  /// The first column of every row, each followed by a line's end.
  std::string ask(const std::string& sql);

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace weir::testing
