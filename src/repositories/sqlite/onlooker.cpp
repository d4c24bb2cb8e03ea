#include "weir/repositories/sqlite/onlooker.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/sqlite_error.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;

constexpr int kBusyTimeout = 5'000;  // ms
// What another program does to the index of the log meanwhile passes in microseconds.
constexpr int kAttempts = 1'000;
constexpr int kStepsPerQuestion = 1'000;
constexpr int kOwnFiles = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;

/// SQLite opens the log of a database, and makes it where there is none, however the database is opened.
int open_for_reading(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  constexpr int kWriting = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if ((flags & kOwnFiles) != 0) flags = (flags & ~kWriting) | SQLITE_OPEN_READONLY;
  sqlite3_vfs* real = sqlite3_vfs_find(std::string_view(vfs->zName) == "weir-look" ? "unix" : "unix-none");
  return real->xOpen(real, name, file, flags, flags_out);
}

int refuse_to_delete(sqlite3_vfs*, const char*, int) {
  return SQLITE_PERM;
}

/// Locks as usual, or not at all: SQLite's own locks on a file want it opened for writing.
void register_systems() {
  static const auto copy_of = [](const char* real, const char* name) {
    sqlite3_vfs system = *sqlite3_vfs_find(real);
    system.zName = name;
    system.xOpen = open_for_reading;
    system.xDelete = refuse_to_delete;
    return system;
  };
  static sqlite3_vfs locking = copy_of("unix", "weir-look");
  static sqlite3_vfs lockless = copy_of("unix-none", "weir-look-alone");
  static const int registered = sqlite3_vfs_register(&locking, 0) | sqlite3_vfs_register(&lockless, 0);
  if (registered != SQLITE_OK) throw SqliteError(registered, "preparing to look");
}

std::string uri_of(const std::string& path, std::string_view parameters) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    } else {
      uri += c;
    }
  }
  return uri.append(parameters);
}

/// Read as any file is, before SQLite has it open.
bool reads_log_format(const std::string& path) {
  std::array<char, 100> header{};
  std::ifstream in(path, std::ios::binary);
  in.read(header.data(), header.size());
  if (in.gcount() != header.size() ||
      std::string_view(header.data(), 16) != std::string_view("SQLite format 3\0", 16)) {
    throw Error(ErrorCode::kUnsupported, path + " is no database");
  }
  constexpr std::size_t kReadVersionAt = 19;
  return header[kReadVersionAt] == 2;
}

int read_once(sqlite3* db) {
  Statement any(db, "SELECT count(*) FROM sqlite_schema");
  try {
    any.run().step();
  } catch (const SqliteError& error) {
    return error.code();
  }
  return SQLITE_OK;
}

int read_at_last(sqlite3* db) {
  int code = read_once(db);
  for (int i = 1; i < kAttempts && code == SQLITE_READONLY_RECOVERY; ++i) code = read_once(db);
  return code;
}

/// Where links lead: the log stands beside the file itself.
std::string file_at(const std::string& path) {
  std::error_code error;
  const auto file = std::filesystem::canonical(path, error);
  if (!error && std::filesystem::is_regular_file(file, error)) return file.string();
  throw Error(ErrorCode::kNotFound, "there is no database at " + path);
}

}  // namespace

Onlooker::Onlooker(const std::string& path) : path_(file_at(path)) {
  try {
    register_systems();
    open();
  } catch (const SqliteError& error) {
    rethrow_translated(error);
  }
}

Onlooker::~Onlooker() = default;

void Onlooker::open() {
  before_ = trace_of(path_);
  has_log_format_ = reads_log_format(path_);
  const bool is_resting = has_log_format_ && !before_.log;
  if (is_resting && try_open(View::kResting)) return;
  // Without an index of the log it is nobody's, or another program's that keeps everybody out.
  if (!try_open(View::kShared) && !try_open(View::kAlone)) {
    throw Error(ErrorCode::kUnavailable, path_ + " is opened and closed by another program all the time");
  }
}

bool Onlooker::try_open(View view) {
  constexpr std::array<std::string_view, 3> kParameters = {
      "?vfs=weir-look&readonly_shm=1", "?vfs=weir-look-alone", "?vfs=weir-look&immutable=1"};
  view_ = view;
  try {
    database_ = std::make_unique<SQLite::Database>(
        uri_of(path_, kParameters[static_cast<std::size_t>(view)]),
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, kBusyTimeout);
  } catch (const SQLite::Exception& error) {
    throw SqliteError(error.getExtendedErrorCode(), "opening the database");
  }
  sqlite3_extended_result_codes(handle(), 1);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // The index of the log is in memory in this mode.
  sqlite3_exec(handle(), view == View::kAlone ? "PRAGMA locking_mode = EXCLUSIVE" : "", nullptr, nullptr,
               nullptr);
  sqlite3_exec(handle(), "PRAGMA temp_store = MEMORY", nullptr, nullptr, nullptr);
  const int code = read_at_last(handle());
  if ((code & 0xFF) == SQLITE_CANTOPEN) return false;
  if ((code & 0xFF) == SQLITE_BUSY) {
    throw Error(ErrorCode::kUnavailable,
                path_ +
                    " is kept by another program, which lets nobody else read it, as weir does with"
                    " sqlite.locking exclusive: stop it first");
  }
  if (code != SQLITE_OK) throw SqliteError(code, "reading the database");
  return true;
}

void Onlooker::interrupt_when(std::function<bool()> condition) {
  condition_ = std::move(condition);
  sqlite3_progress_handler(handle(), kStepsPerQuestion, &Onlooker::on_progress, this);
}

int Onlooker::on_progress(void* self) {
  return static_cast<Onlooker*>(self)->condition_() ? 1 : 0;
}

void Onlooker::require_undisturbed() const {
  if (view_ == View::kShared || trace_of(path_) == before_) return;
  throw Error(ErrorCode::kUnavailable, "another program began to use " + path_ + " meanwhile: try again");
}

}  // namespace weir::repositories::sqlite
