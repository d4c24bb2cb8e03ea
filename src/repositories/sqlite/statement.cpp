#include "weir/repositories/sqlite/statement.h"

#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

sqlite3_stmt* Statement::prepared() {
  if (handle_ == nullptr &&
      sqlite3_prepare_v3(db_, sql_, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) != SQLITE_OK) {
    throw_error(db_, "preparing a statement");
  }
  return handle_;
}

Statement::Run::Run(Statement& statement) : handle_(statement.prepared()), db_(statement.db_) {}

Statement::Run::~Run() {
  // reset() repeats the error that step() has thrown already. Bindings point into memory that may be gone.
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

Statement::Run& Statement::Run::bind(std::int64_t value) {
  if (sqlite3_bind_int64(handle_, ++bound_, value) != SQLITE_OK) throw_error(db_, "binding a number");
  return *this;
}

Statement::Run& Statement::Run::bind(std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* data = text.empty() ? "" : text.data();
  if (sqlite3_bind_text64(handle_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK) {
    throw_error(db_, "binding a text");
  }
  return *this;
}

Statement::Run& Statement::Run::bind(double value) {
  if (sqlite3_bind_double(handle_, ++bound_, value) != SQLITE_OK) throw_error(db_, "binding a number");
  return *this;
}

Statement::Run& Statement::Run::bind_blob(std::string_view bytes) {
  const char* data = bytes.empty() ? "" : bytes.data();
  if (sqlite3_bind_blob64(handle_, ++bound_, data, bytes.size(), SQLITE_STATIC) != SQLITE_OK) {
    throw_error(db_, "binding bytes");
  }
  return *this;
}

Statement::Run& Statement::Run::bind_null() {
  if (sqlite3_bind_null(handle_, ++bound_) != SQLITE_OK) throw_error(db_, "binding a null");
  return *this;
}

int Statement::Run::try_step() {
  return sqlite3_step(handle_);
}

bool Statement::Run::step() {
  const int code = try_step();
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw_error(db_, "running a statement");
}

void Statement::Run::execute() {
  while (step()) {
  }
}

}  // namespace weir::repositories::sqlite
