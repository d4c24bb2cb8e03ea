#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <optional>
#include <string_view>

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

  /// One column of the current row. Fetching it once and asking it is what SQLite answers fastest; inline,
  /// for a read asks hundreds.
  ///
  /// Lifetime: as the row; a text, until the next step().
  class Value {
   public:
    explicit Value(sqlite3_value* handle) : handle_(handle) {}

    /// SQLITE_NULL, SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT or SQLITE_BLOB.
    int type() const { return sqlite3_value_type(handle_); }
    bool is_null() const { return type() == SQLITE_NULL; }
    double real() const { return sqlite3_value_double(handle_); }
    std::string_view blob() const {
      const void* data = sqlite3_value_blob(handle_);  // null for an empty one
      return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(handle_))};
    }
    std::int64_t integer() const { return sqlite3_value_int64(handle_); }
    /// Empty for null.
    std::string_view text() const { return optional_text().value_or(std::string_view()); }
    std::optional<std::string_view> optional_text() const {
      const unsigned char* data = sqlite3_value_text(handle_);
      if (data == nullptr) return std::nullopt;
      const int size = sqlite3_value_bytes(handle_);
      return std::string_view(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
    }

   private:
    sqlite3_value* handle_;
  };

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
    Run& bind(double value);
    Run& bind_blob(std::string_view bytes);
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

    Value value(int column) const { return Value(sqlite3_column_value(handle_, column)); }
    std::int64_t integer(int column) const { return value(column).integer(); }
    std::string_view text(int column) const { return value(column).text(); }
    bool is_null(int column) const { return value(column).is_null(); }

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
