#include "weir/repositories/sqlite/database_copy.h"

#include <SQLiteCpp/Exception.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>

#include "weir/history/error.h"
#include "weir/repositories/durable_file.h"
#include "weir/repositories/sqlite/database_files.h"
#include "weir/repositories/sqlite/onlooker.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/schema.h"
#include "weir/repositories/sqlite/sqlite_error.h"
#include "weir/repositories/sqlite/statement.h"
#include "weir/repositories/system_error_text.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;

constexpr int kPagesPerStep = 256;

struct EndBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

void require_nothing_at(const std::string& path) {
  // A log left there would be taken for that of the copy.
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    if (!std::filesystem::exists(std::filesystem::symlink_status(path + suffix))) continue;
    throw Error(ErrorCode::kConflict, path + suffix + " is there already, and nothing is overwritten");
  }
}

/// The file that will be the copy, locked against a second copy to the same name; gone, with all that belongs
/// to it, unless it was given its name.
///
/// Thread-safety: none.
class Draft {
 public:
  static std::string path_for(const std::string& name) { return name + ".weir-copy"; }

  explicit Draft(const std::string& name) : name_(name), path_(path_for(name)) {
    constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    descriptor_ = ::open(path_.c_str(), kFlags, 0600);
    if (descriptor_ < 0) fail("cannot make ");
    // Who held the lock until now may have given the file its name: then it is somebody's copy.
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 || !is_at_path()) {
      ::close(descriptor_);
      throw Error(ErrorCode::kConflict, "another copy to " + name_ + " is under way");
    }
    if (::ftruncate(descriptor_, 0) != 0 || ::fchmod(descriptor_, 0600) != 0) {
      ::close(descriptor_);
      fail("cannot empty ");
    }
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    remove_database_files(path_);
    ::close(descriptor_);
  }

  const std::string& path() const { return path_; }
  void take_name() const {
    require_nothing_at(name_);
    rename_durably({path_, name_});
  }

 private:
  bool is_at_path() const {
    struct stat opened {};
    struct stat named {};
    return ::fstat(descriptor_, &opened) == 0 && ::lstat(path_.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  }
  [[noreturn]] void fail(const char* doing) const {
    throw Error(ErrorCode::kUnavailable, doing + path_ + ": " + system_error_text(errno));
  }

  const std::string name_;
  const std::string path_;
  int descriptor_;
};

std::unique_ptr<SQLite::Database> open_draft(const std::string& path) {
  try {
    auto draft = std::make_unique<SQLite::Database>(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    // A draft that is cut short is thrown away: it needs no journal, and is synced once.
    sqlite3_exec(draft->getHandle(), "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", nullptr, nullptr,
                 nullptr);
    return draft;
  } catch (const SQLite::Exception& error) {
    throw SqliteError(error.getExtendedErrorCode(), "opening the copy");
  }
}

int require_weirs(sqlite3* db, const std::string& path) {
  const SchemaState state = inspect_schema(db);
  if (state.is_foreign || state.version == 0) {
    throw Error(ErrorCode::kUnsupported, path + " is no database of weir");
  }
  if (state.version > newest_schema_version()) {
    throw Error(ErrorCode::kUnsupported,
                path + " is of a newer weir: it has schema version " + std::to_string(state.version));
  }
  return state.version;
}

void require_sound(sqlite3* db, const std::string& path) {
  const int version = require_weirs(db, path);
  if (const auto damage = find_damage(db, CheckDepth::kFull)) {
    throw Error(ErrorCode::kDamaged, path + " is damaged: " + *damage);
  }
  if (!has_sentinel(db)) {
    throw Error(ErrorCode::kDamaged, path + " lacks the row that weir writes into every database");
  }
  const auto contradictions = find_contradictions(db, version);
  if (!contradictions.empty()) throw Error(ErrorCode::kDamaged, path + ": " + contradictions.front());
}

/// One copy, from the look at the source to the name of the draft.
///
/// Thread-safety: none.
class Copy {
 public:
  Copy(const CopyRequest& request, const CopyListener& listener) : request_(request), listener_(listener) {}

  ContentCounts make() {
    require_nothing_at(request_.to);
    require_other_than_draft();
    if (request_.source == CopyRequest::Source::kChecked) check_source();
    const Draft draft(request_.to);
    fill(draft.path());
    sync_file(draft.path());
    listener_.step(CopyStep::kCopied);
    const ContentCounts counts = check(draft.path());
    listener_.step(CopyStep::kChecked);
    draft.take_name();
    return counts;
  }

 private:
  /// A copy that was cut short lies under that name, and the next one begins by emptying it.
  void require_other_than_draft() const {
    std::error_code ignored;
    if (!std::filesystem::equivalent(request_.from, Draft::path_for(request_.to), ignored)) return;
    throw Error(ErrorCode::kConflict,
                request_.from + " has the name that the copy has while it is made; move it first");
  }

  void check_source() {
    check(request_.from);
    listener_.step(CopyStep::kSourceChecked);
  }

  ContentCounts check(const std::string& path) {
    Onlooker onlooker(path);
    onlooker.interrupt_when(listener_.is_stopped);
    require_sound(onlooker.handle(), path);
    const ContentCounts counts = count_content(onlooker.handle());
    onlooker.require_undisturbed();
    return counts;
  }

  void fill(const std::string& draft_path) {
    const Onlooker source(request_.from);
    Statement begin(source.handle(), "BEGIN");
    begin.run().execute();
    require_weirs(source.handle(), request_.from);  // the first read: from here on it is one snapshot
    const auto draft = open_draft(draft_path);
    copy_pages(source.handle(), draft->getHandle());
    source.require_undisturbed();
  }

  void copy_pages(sqlite3* source, sqlite3* draft) {
    const std::unique_ptr<sqlite3_backup, EndBackup> backup(
        sqlite3_backup_init(draft, "main", source, "main"));
    if (!backup) throw_error(draft, "copying the database");
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
      if (listener_.is_stopped()) throw SqliteError(SQLITE_INTERRUPT, "copying the database");
      code = sqlite3_backup_step(backup.get(), kPagesPerStep);
      const std::int64_t pages = sqlite3_backup_pagecount(backup.get());
      listener_.progress({pages - sqlite3_backup_remaining(backup.get()), pages});
    }
    if (code != SQLITE_DONE) throw SqliteError(code, "copying the database");
  }

  const CopyRequest& request_;
  const CopyListener& listener_;
};

}  // namespace

ContentCounts copy_database(const CopyRequest& request, const CopyListener& listener) {
  try {
    return Copy(request, listener).make();
  } catch (const SqliteError& error) {
    rethrow_translated(error);
  }
}

}  // namespace weir::repositories::sqlite
