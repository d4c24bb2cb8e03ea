#include "weir/benchmark/c_api.h"

#include <stdexcept>

namespace weir::benchmark {
namespace {

void require(sqlite3* db, bool is_fine) {
  if (!is_fine) throw std::runtime_error(sqlite3_errmsg(db));
}

}  // namespace

CDatabase::CDatabase(const std::string& path, int flags) {
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (code == SQLITE_OK) return;
  sqlite3_close(handle_);
  throw std::runtime_error(path + ": " + sqlite3_errstr(code));
}

void CDatabase::execute(const std::string& sql) {
  require(handle_, sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

CStatement::CStatement(CDatabase& database, const char* sql) {
  require(database.handle(), sqlite3_prepare_v3(database.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                &handle_, nullptr) == SQLITE_OK);
}

CStatement& CStatement::bind(int index, std::string_view text, Text ownership) {
  const auto lifetime = ownership == Text::kCopied ? SQLITE_TRANSIENT : SQLITE_STATIC;
  const int code = text.empty()
                       ? sqlite3_bind_null(handle_, index)
                       : sqlite3_bind_text64(handle_, index, text.data(), text.size(), lifetime, SQLITE_UTF8);
  require(sqlite3_db_handle(handle_), code == SQLITE_OK);
  return *this;
}

CStatement& CStatement::bind(int index, std::int64_t value) {
  require(sqlite3_db_handle(handle_), sqlite3_bind_int64(handle_, index, value) == SQLITE_OK);
  return *this;
}

bool CStatement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* db = sqlite3_db_handle(handle_);
  const std::string message = sqlite3_errmsg(db);
  sqlite3_reset(handle_);
  throw std::runtime_error(message);
}

void CStatement::run() {
  while (step()) {
  }
  reset();
}

std::string_view CStatement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::optional<std::string> CStatement::optional_text(int column) const {
  if (sqlite3_column_type(handle_, column) == SQLITE_NULL) return std::nullopt;
  return std::string(text(column));
}

}  // namespace weir::benchmark
