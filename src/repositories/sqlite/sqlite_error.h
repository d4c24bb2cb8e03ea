#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;

namespace weir::repositories::sqlite {

/// A result code of SQLite on its way to reaction_to(); it never leaves this folder.
class SqliteError : public std::runtime_error {
 public:
  /// `code` is the extended result code; `doing` says what failed, without values.
  SqliteError(int code, std::string_view doing);

  int code() const noexcept { return code_; }

 private:
  int code_;
};

/// A COMMIT that returned an error: what it was to store may or may not be there.
class CommitError : public SqliteError {
 public:
  using SqliteError::SqliteError;
};

/// Throws what `db` reports of its last call.
[[noreturn]] void throw_error(sqlite3* db, std::string_view doing);

/// `error` as it is to be understood where the full-text index may be touched. FTS5 does not always know its
/// damage for what it is: when something stands where it was to put a row of its own tables, SQLite calls
/// that a constraint. SQLITE_CORRUPT_VTAB then; else the same.
SqliteError as_index_damage(const SqliteError& error);

template <class Body>
void touch_index(const Body& body) {
  try {
    body();
  } catch (const SqliteError& error) {
    throw as_index_damage(error);
  }
}

}  // namespace weir::repositories::sqlite
