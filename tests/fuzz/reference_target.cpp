#include "fuzz/patched_file.h"
#include "fuzz/targets.h"
#include "support/scratch_directory.h"
#include "weir/history/error.h"
#include "weir/repositories/clock.h"
#include "weir/repositories/sqlite/reference_migration.h"

namespace weir::fuzz {
namespace {

using repositories::sqlite::MigrationListener;
using repositories::sqlite::MigrationMode;
using repositories::sqlite::MigrationReport;

MigrationReport migrate(const std::string& path, MigrationMode mode) {
  static repositories::SystemClock clock;
  const MigrationListener listener{.progress = [](const MigrationListener::Progress&) {},
                                   .step = [](repositories::sqlite::MigrationStep) {}};
  return repositories::sqlite::migrate_reference(path, mode, clock, listener);
}

}  // namespace

/// A database of the reference service, damaged, that is to be migrated: it is, or it stays as it is.
void try_reference(std::string_view bytes) {
  static const std::string base = base_file("reference.db");
  const testing::ScratchDirectory folder(testing::ScratchDirectory::Medium::kMemory);
  const std::string before = patched(base, bytes);
  const std::string path = folder.write("reference.db", before);
  try {
    migrate(path, MigrationMode::kDryRun);
  } catch (const history::Error&) {
  }
  require(testing::read_file(path) == before, "a dry run changes nothing");
  try {
    const MigrationReport report = migrate(path, MigrationMode::kForReal);
    require(report.was_weirs || report.backup.has_value(), "who is migrated has a backup");
  } catch (const history::Error&) {
  }
}

}  // namespace weir::fuzz
