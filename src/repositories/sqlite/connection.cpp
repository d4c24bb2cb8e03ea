#include "weir/repositories/sqlite/connection.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/authorizer.h"
#include "weir/repositories/sqlite/limits.h"
#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;

// How many steps of SQLite's machine pass between two looks at the clock: about 50 microseconds.
constexpr int kStepsPerDeadlineCheck = 2000;
// A page is 4 KiB: 8 MB at most for each connection, taken as pages are read. More bought nothing that could
// be measured: the kernel has the file's pages as well, and every commit of another connection empties the
// cache.
constexpr int kCachePages = 2'000;

int to_milliseconds(Seconds seconds) {
  const double milliseconds = std::max(0.0, seconds.count() * 1000.0);
  return milliseconds >= std::numeric_limits<int>::max() ? std::numeric_limits<int>::max()
                                                         : static_cast<int>(milliseconds);
}

/// Debian's SQLite takes a name that begins with "file:" for a URI, whose parameters could change how it
/// opens.
std::string plain_name(const std::string& path) {
  return path.starts_with("file:") ? "./" + path : path;
}

/// This one locks the file for the process instead of the connection, and keeps the index of the log in the
/// memory of the process instead of a -shm file. The connections of a process go on sharing it among them.
constexpr const char* kExclusiveVfs = "unix-excl";

std::unique_ptr<SQLite::Database> open_database(const std::string& path, Locking locking) {
  // NOMUTEX: one thread at a time is the pool's promise. No CREATE: the file is made beforehand, with its
  // mode.
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  constexpr int kNoBusyTimeout = 0;  // set with the deadline
  const std::string vfs = locking == Locking::kExclusive ? kExclusiveVfs : "";
  try {
    return std::make_unique<SQLite::Database>(plain_name(path), kFlags, kNoBusyTimeout, vfs);
  } catch (const SQLite::Exception& error) {
    throw SqliteError(error.getExtendedErrorCode(), "opening the database");
  }
}

void configure(sqlite3* db, int option, int value) {
  int now = -1;
  if (sqlite3_db_config(db, option, value, &now) != SQLITE_OK || now != value) {
    throw Error(ErrorCode::kInternal, "SQLite did not take the connection option " + std::to_string(option));
  }
}

}  // namespace

Connection::Connection(const std::string& path, ConnectionRole role, const SqliteOptions& options,
                       Clock& clock, TimePoint deadline)
    : path_(path),
      role_(role),
      options_(options),
      clock_(clock),
      database_(open_database(path, options.locking)),
      autocheckpoint_(options.wal_autocheckpoint) {
  sqlite3_extended_result_codes(handle(), 1);
  harden();
  set_deadline(deadline);
  apply_pragmas();
  statements_ = std::make_unique<Statements>(handle());
  sqlite3_progress_handler(handle(), kStepsPerDeadlineCheck, &Connection::on_progress, this);
  if (role_ == ConnectionRole::kReader) seal_reader(handle());
}

Connection::~Connection() = default;

void Connection::harden() {
  configure(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1);
  configure(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  configure(handle(), SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0);
  configure(handle(), SQLITE_DBCONFIG_DQS_DML, 0);
  configure(handle(), SQLITE_DBCONFIG_DQS_DDL, 0);
  // Whichever connection closes last would checkpoint, ticket or not (invariant I2).
  configure(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
  limit_statements(handle());
}

void Connection::apply_pragmas() {
  struct Setting {
    std::string name;
    std::string value;
    std::string expected;  // as it reads back
  };
  const bool is_full = options_.synchronous == Synchronous::kFull;
  std::vector<Setting> settings = {
      {"journal_mode", "WAL", "wal"},
      {"synchronous", is_full ? "FULL" : "NORMAL", is_full ? "2" : "1"},
      {"cache_size", std::to_string(kCachePages), std::to_string(kCachePages)},
      {"temp_store", "MEMORY", "2"},
      {"foreign_keys", "1", "1"},
      {"cell_size_check", "1", "1"},
  };
  if (role_ == ConnectionRole::kReader) {
    settings.push_back({"read_uncommitted", "1", "1"});
    settings.push_back({"query_only", "1", "1"});
  } else {
    const std::string pages = std::to_string(options_.wal_autocheckpoint);
    settings.push_back({"wal_autocheckpoint", pages, pages});
  }
  for (const Setting& setting : settings) {
    pragma(("PRAGMA " + setting.name + " = " + setting.value).c_str());
    const std::string found = pragma(("PRAGMA " + setting.name).c_str());
    if (found != setting.expected) {
      throw Error(ErrorCode::kInternal,
                  "PRAGMA " + setting.name + " is " + found + " and not " + setting.expected);
    }
  }
}

std::string Connection::pragma(const char* sql) {
  Statement statement(handle(), sql);
  auto run = statement.run();
  return run.step() ? std::string(run.text(0)) : std::string();
}

void Connection::set_busy_timeout(int milliseconds) {
  if (milliseconds == busy_timeout_ms_) return;
  sqlite3_busy_timeout(handle(), milliseconds);
  busy_timeout_ms_ = milliseconds;
}

void Connection::set_deadline(TimePoint deadline) {
  deadline_ = deadline;
  began_ = clock_.now();
  was_too_old_ = false;
  set_busy_timeout(to_milliseconds(std::min<Seconds>(options_.busy_timeout, deadline - began_)));
}

void Connection::limit_busy_wait(Duration wait) {
  set_busy_timeout(to_milliseconds(wait));
}

int Connection::on_progress(void* self) {
  return static_cast<Connection*>(self)->must_stop() ? 1 : 0;
}

bool Connection::must_stop() {
  if (began_ == TimePoint::max()) return false;
  const TimePoint now = clock_.now();
  if (age_limit_in_force_ != nullptr && age_limit_in_force_->load(std::memory_order_relaxed)) {
    was_too_old_ = now - began_ >= options_.max_read_age;
  }
  return was_too_old_ || now >= deadline_;
}

void Connection::set_autocheckpoint(int pages) {
  if (pages == autocheckpoint_) return;
  sqlite3_wal_autocheckpoint(handle(), pages);
  autocheckpoint_ = pages;
}

void Connection::execute(const char* sql) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw_error(handle(), "running a script");
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle()) == 0;
}

bool Connection::clean() noexcept {
  try {
    clear_deadline();
    if (sqlite3_txn_state(handle(), nullptr) != SQLITE_TXN_NONE) {
      // A run resets its statement when it ends; one that has not ended here was leaked by its borrower.
      for (sqlite3_stmt* it = sqlite3_next_stmt(handle(), nullptr); it != nullptr;
           it = sqlite3_next_stmt(handle(), it)) {
        sqlite3_reset(it);
      }
      if (in_transaction()) execute("ROLLBACK");
    }
    return role_ == ConnectionRole::kReader ? refuses_writes() : !is_query_only();
  } catch (const std::exception&) {
    return false;
  }
}

bool Connection::is_query_only() {
  auto run = statements_->upkeep.query_only.run();
  return run.step() && run.integer(0) == 1;
}

bool Connection::refuses_writes() {
  // SQLite prepares a PRAGMA anew for every run. This is refused before it takes a lock or looks at the file,
  // and costs a quarter of that.
  auto run = statements_->upkeep.refused_write.run();
  return run.try_step() == SQLITE_READONLY;
}

std::uint64_t Connection::committed_bytes() {
  auto run = statements_->upkeep.page_count.run();
  const std::int64_t pages = run.step() ? run.integer(0) : 0;
  return static_cast<std::uint64_t>(pages) * std::stoull(pragma("PRAGMA page_size"));
}

std::optional<std::string> Connection::sentinel() {
  auto run = statements_->upkeep.sentinel.run();
  if (!run.step()) return std::nullopt;
  return std::string(run.text(0));
}

void Connection::remember_files() {
  const auto database = look_at(path_);
  const auto wal = look_at(path_ + "-wal");
  if (database) {
    database_file_ = database->id;
    database_bytes_ = database->size;
  }
  if (wal) wal_file_ = wal->id;
}

std::optional<std::string> Connection::find_moved() {
  const auto database = look_at(path_);
  if (!database) return "the database file is no longer at its path";
  if (database->id != database_file_) return "another file stands at the path of the database";
  constexpr std::uint64_t kSmallestDatabase = 512;
  // Another program's VACUUM shortens it too, to just what the last commit says there is.
  const bool has_shrunk = database->size < database_bytes_ && database->size < committed_bytes();
  if (has_shrunk || database->size < kSmallestDatabase) return "the database file was truncated";
  database_bytes_ = database->size;
  const auto wal = look_at(path_ + "-wal");
  if (!wal || wal->id != wal_file_) return "the write-ahead log was unlinked or replaced";
  return std::nullopt;
}

void Connection::allow_checkpoint_on_close() {
  configure(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0);
}

void Connection::abandon() noexcept {
  static_cast<void>(statements_.release());
  static_cast<void>(database_.release());
}

}  // namespace weir::repositories::sqlite
