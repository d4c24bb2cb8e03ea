#include "weir/repositories/sqlite/reference_migration.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "weir/history/error.h"
#include "weir/repositories/durable_file.h"
#include "weir/repositories/exclusive_file_lock.h"
#include "weir/repositories/sqlite/database_files.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/schema.h"
#include "weir/repositories/sqlite/scratch_copy.h"
#include "weir/repositories/system_error_text.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;

struct stat status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) return status;
  throw Error(ErrorCode::kNotFound, "there is no database at " + path);
}

/// A database under way; gone with all that belongs to it, unless it was given its name.
///
/// Thread-safety: none.
class DraftDatabase {
 public:
  explicit DraftDatabase(std::string path) : path_(std::move(path)) { remove_database_files(path_); }
  DraftDatabase(const DraftDatabase&) = delete;
  DraftDatabase& operator=(const DraftDatabase&) = delete;
  ~DraftDatabase() { remove_database_files(path_); }

  const std::string& path() const { return path_; }
  void take_name(const std::string& name) const { rename_durably({path_, name}); }

 private:
  const std::string path_;
};

/// Who may read the old file may read the new one. Only root can give it to another owner; for who is not, it
/// is theirs already.
void create_like(const std::string& path, const struct stat& old) {
  const int descriptor = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    throw Error(ErrorCode::kUnavailable, "cannot make " + path + ": " + system_error_text(errno));
  }
  [[maybe_unused]] const int owned = ::fchown(descriptor, old.st_uid, old.st_gid);
  ::fchmod(descriptor, old.st_mode & 0777U);
  ::close(descriptor);
}

/// Looked at without SQLite, which would leave traces; once written, the mark stays where it is.
bool is_marked_as_weirs(const std::string& path) {
  constexpr std::size_t kMarkAt = 68;  // of the application id, in the header of a database
  std::array<char, 72> header{};
  std::ifstream(path, std::ios::binary).read(header.data(), header.size());
  return std::string_view(header.data() + kMarkAt, 4) == "weir" &&
         std::string_view(header.data(), 15) == "SQLite format 3";
}

/// The time in a backup's name: 20261121T165500Z.
std::string time_text(std::chrono::system_clock::time_point now) {
  const std::string text = history::format_timestamp(std::chrono::floor<std::chrono::microseconds>(now));
  std::string time;
  for (const char c : text.substr(0, text.find('.'))) {
    if (c != '-' && c != ':') time += c;
  }
  return time + 'Z';
}

std::string backup_name(const std::string& path, Clock& clock) {
  const std::string name = path + ".before-weir-" + time_text(clock.wall_now());
  std::string free = name;
  for (int i = 2; std::filesystem::exists(free); ++i) free = name + "-" + std::to_string(i);
  return free;
}

/// One run, from the look at the file to its new content.
///
/// Thread-safety: none.
class Migration {
 public:
  Migration(const std::string& path, Clock& clock, const MigrationListener& listener)
      : path_(path), status_(status_of(path)), clock_(clock), listener_(listener), source_(path) {}

  /// Whether there is anything to be done.
  bool is_needed() {
    switch (source_.owner()) {
      case DatabaseOwner::kReference:
        return true;
      case DatabaseOwner::kWeir:
        return false;
      case DatabaseOwner::kOther:
        break;
    }
    throw Error(ErrorCode::kUnsupported, path_ + " is no database of the reference service");
  }

  void build(const std::string& new_path, MigrationReport& report) {
    source_.survey(report.changes);
    create_like(new_path, status_);
    fill(new_path, report);
    sync_file(new_path);
    listener_.step(MigrationStep::kBuilt);
  }

  std::string back_up() {
    source_.settle();
    listener_.step(MigrationStep::kSettled);
    const DraftDatabase copy(path_ + ".weir-backup");
    create_like(copy.path(), status_);
    source_.copy_to(copy.path());
    sync_file(copy.path());
    listener_.step(MigrationStep::kCopied);
    std::string name = backup_name(path_, clock_);
    copy.take_name(name);
    listener_.step(MigrationStep::kBackedUp);
    return name;
  }

 private:
  void fill(const std::string& new_path, MigrationReport& report) {
    Connection connection(new_path, ConnectionRole::kOnly, SqliteOptions{}, clock_);
    connection.clear_deadline();
    migrate(connection, new_path, std::chrono::floor<std::chrono::microseconds>(clock_.wall_now()));
    const std::int64_t rows = source_.row_count();
    ReferenceImport import(source_, connection, report.changes, [&](std::int64_t done) {
      listener_.progress({done, rows});
    });
    report.counts = import.run();
    listener_.progress({rows, rows});
    connection.execute("PRAGMA analysis_limit = 400; ANALYZE");
    require_whole(connection);
    connection.allow_checkpoint_on_close();  // so that the empty log goes too
  }

  /// All of it must stand in the file that is renamed: what stayed in the log, because another program looks
  /// at the file or the disk failed, would be lost with it.
  static void require_whole(Connection& connection) {
    Statement checkpoint(connection.handle(), "PRAGMA wal_checkpoint(TRUNCATE)");
    auto run = checkpoint.run();
    if (run.step() && run.integer(0) == 0 && run.integer(1) == 0) return;
    throw Error(ErrorCode::kUnavailable,
                "the new database could not be written whole: another program has it open");
  }

  const std::string path_;
  const struct stat status_;
  Clock& clock_;
  const MigrationListener& listener_;
  ReferenceSource source_;
};

MigrationReport rehearse(const std::string& path, Clock& clock, const MigrationListener& listener) {
  const ScratchCopy copy(path);
  MigrationReport report;
  Migration migration(copy.path(), clock, listener);
  report.was_weirs = !migration.is_needed();
  if (!report.was_weirs) migration.build(copy.path() + ".weir-new", report);
  return report;
}

MigrationReport perform(const std::string& path, Clock& clock, const MigrationListener& listener) {
  MigrationReport report;
  Migration migration(path, clock, listener);
  report.was_weirs = !migration.is_needed();
  if (report.was_weirs) return report;
  const DraftDatabase draft(path + ".weir-new");
  migration.build(draft.path(), report);
  report.backup = migration.back_up();
  draft.take_name(path);
  listener.step(MigrationStep::kReplaced);
  return report;
}

/// Reads the file as any file is: SQLite would leave traces.
void require_candidate(const std::string& file) {
  if (status_of(file).st_size == 0) throw Error(ErrorCode::kUnsupported, file + " is empty");
  std::array<char, 16> header{};
  std::ifstream(file, std::ios::binary).read(header.data(), header.size());
  if (std::string_view(header.data(), header.size()) == std::string_view("SQLite format 3\0", 16)) return;
  throw Error(ErrorCode::kUnsupported, file + " is no database");
}

/// Before a lock file is made: where nothing can be migrated, none is left behind. What another program holds
/// or has yet to recover is judged under the lock.
void refuse_foreign(const std::string& file) {
  require_candidate(file);
  if (is_marked_as_weirs(file) || std::filesystem::exists(file + "-wal") ||
      std::filesystem::exists(file + "-journal")) {
    return;
  }
  // Without a log beside it the file is all there is, and nothing is made beside it.
  if (ReferenceSource::owner_of_resting(file) == DatabaseOwner::kOther) {
    throw Error(ErrorCode::kUnsupported, file + " is no database of the reference service");
  }
}

}  // namespace

MigrationReport migrate_reference(const std::string& path, MigrationMode mode, Clock& clock,
                                  const MigrationListener& listener) {
  status_of(path);  // before the lock file is made: where there is nothing, nothing is left behind
  // A link stays a link: what it leads to is replaced.
  const std::string file = std::filesystem::canonical(path).string();
  const bool is_rehearsal = mode == MigrationMode::kDryRun;
  try {
    refuse_foreign(file);
    std::optional<ExclusiveFileLock> lock;
    // A rehearsal makes no lock file; where there is one, somebody may hold it.
    if (!is_rehearsal || std::filesystem::exists(file + ".lock")) lock.emplace(file);
    if (is_marked_as_weirs(file)) return {.was_weirs = true};
    // Of an empty file SQLite would make a database.
    require_candidate(file);
    return is_rehearsal ? rehearse(file, clock, listener) : perform(file, clock, listener);
  } catch (const SqliteError& error) {
    rethrow_translated(error);
  }
}

}  // namespace weir::repositories::sqlite
