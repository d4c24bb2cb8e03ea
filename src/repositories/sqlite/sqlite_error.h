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

}  // namespace weir::repositories::sqlite
