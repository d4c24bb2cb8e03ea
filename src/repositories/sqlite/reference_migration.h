#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "weir/repositories/clock.h"
#include "weir/repositories/sqlite/reference_import.h"

namespace weir::repositories::sqlite {

enum class MigrationMode { kDryRun, kForReal };

/// What has just been done, in this order; a dry run only builds.
enum class MigrationStep {
  kBuilt,     ///< FILE.weir-new holds all of it, checked and on the disk
  kSettled,   ///< FILE has no write-ahead log any more
  kCopied,    ///< FILE.weir-backup is a copy of FILE, checked and on the disk
  kBackedUp,  ///< it has its name, FILE.before-weir-TIME
  kReplaced,  ///< FILE is weir's
};

/// Told how far a migration is, on its thread.
struct MigrationListener {
  struct Progress {
    std::int64_t done;
    std::int64_t rows;
  };
  std::function<void(const Progress&)> progress;
  std::function<void(MigrationStep)> step;
};

struct MigrationReport {
  bool was_weirs = false;  ///< the file was weir's already: nothing was done
  ReferenceCounts counts{};
  ReferenceChanges changes{};
  std::optional<std::string> backup{};  ///< its path
};

/// Makes of the reference service's database at `path` one of weir's, with a backup beside it.
///
/// A kill at any point leaves at `path` either the old database or the new one, whole, and a repetition does
/// the rest. For this the steps stand in this order:
///
///   1. The lock file keeps other weir programs off, the database's own lock everybody else, up to the end:
///      nothing is written to the old file after it was read.
///   2. The new database is built beside it, as FILE.weir-new, checked, and brought to the disk. What a
///   killed
///      run left by that name is thrown away first.
///   3. Only then the old file is touched: its write-ahead log is brought into it and removed. The log of a
///      replaced database must not be there when the new one has its name: SQLite would apply it.
///   4. The copy is made under a name that nobody takes for a backup, checked, brought to the disk, and named
///      last: what is called a backup is one.
///   5. One rename puts the new database in place of the old one.
///
/// A dry run works on a copy, in a folder beside the file that goes with it, and changes nothing, neither the
/// file nor its log.
///
/// Blocking: until done. Memory: the keys of one conversation.
/// Errors: history::Error: kNotFound when there is no file, kUnsupported when it is another program's,
/// kConflict when another weir works on it, kUnavailable when another program has it open or, in a dry run,
/// changes it, kDamaged when it or what was made of it is; then the file is as it was, but for step 3.
MigrationReport migrate_reference(const std::string& path, MigrationMode mode, Clock& clock,
                                  const MigrationListener& listener);

}  // namespace weir::repositories::sqlite
