#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::benchmark {

/// A connection as the C API gives it.
///
/// Thread-safety: one thread at a time. Errors: std::runtime_error.
class CDatabase {
 public:
  CDatabase(const std::string& path, int flags);
  CDatabase(const CDatabase&) = delete;
  CDatabase& operator=(const CDatabase&) = delete;
  ~CDatabase() { sqlite3_close(handle_); }

  void execute(const std::string& sql);
  sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

/// A prepared statement.
///
/// Thread-safety: as its connection, which outlives it. Errors: std::runtime_error.
class CStatement {
 public:
  CStatement(CDatabase& database, const char* sql);
  CStatement(const CStatement&) = delete;
  CStatement& operator=(const CStatement&) = delete;
  ~CStatement() { sqlite3_finalize(handle_); }

  enum class Text { kCopied, kBorrowed };

  /// An empty text is bound as null.
  CStatement& bind(int index, std::string_view text, Text ownership = Text::kCopied);
  CStatement& bind(int index, std::int64_t value);

  bool step();
  void reset() { sqlite3_reset(handle_); }
  /// Runs to the end and resets.
  void run();

  sqlite3_stmt* handle() const { return handle_; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_, column); }
  std::string_view text(int column) const;
  std::optional<std::string> optional_text(int column) const;

 private:
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace weir::benchmark
