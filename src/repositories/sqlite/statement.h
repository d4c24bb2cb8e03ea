#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace weir::repositories::sqlite {

/// One SQL text, prepared on its first use and kept prepared as long as its connection.
///
/// Thread-safety: as its connection. Lifetime: `sql` and the connection outlive it.
class Statement {
 public:
  /// `sql` is a literal: it is kept by reference and named in errors.
  Statement(sqlite3* db, const char* sql) : db_(db), sql_(sql) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  /// One run of a statement, from binding to reset.
  ///
  /// Parameters are bound in the order of the calls; texts are not copied and outlive the run. Columns are
  /// read after step() returned true; a text read is valid until the next step(). Errors: SqliteError.
  class [[nodiscard]] Run {
   public:
    explicit Run(Statement& statement);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;
    ~Run();

    Run& bind(std::int64_t value);
    Run& bind(std::string_view text);
    Run& bind_null();
    template <class T>
    Run& bind(const std::optional<T>& value) {
      return value ? bind(*value) : bind_null();
    }

    /// Whether there is a row.
    bool step();
    /// step() for who expects an error: SQLite's result code.
    int try_step();
    /// Runs to the end a statement that answers no rows.
    void execute();

    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    bool is_null(int column) const;

   private:
    sqlite3_stmt* handle_;
    sqlite3* db_;
    int bound_ = 0;
  };

  Run run() { return Run(*this); }

 private:
  sqlite3_stmt* prepared();

  sqlite3* db_;
  const char* sql_;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace weir::repositories::sqlite
