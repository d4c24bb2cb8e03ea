#include <unistd.h>

#include <iostream>

#include "weir/commands/commands.h"
#include "weir/commands/logging.h"
#include "weir/history/json_writer.h"
#include "weir/repositories/sqlite/reference_migration.h"

namespace weir::commands {
namespace {

using repositories::sqlite::MigrationListener;
using repositories::sqlite::MigrationMode;
using repositories::sqlite::MigrationReport;
using repositories::sqlite::MigrationStep;
using repositories::sqlite::ReferenceChanges;

void print_step(MigrationStep step) {
  if (step == MigrationStep::kBuilt) std::cerr << "all rows are in a new database, which is sound\n";
  if (step == MigrationStep::kBackedUp) std::cerr << "the old database is copied, and the copy is sound\n";
  if (step == MigrationStep::kReplaced) std::cerr << "the new database is in place\n";
}

/// On a terminal, how far it is; everywhere, which steps are done.
MigrationListener listen_to_steps() {
  const bool shows_progress = ::isatty(STDERR_FILENO) == 1;
  const auto progress = [shows_progress](const MigrationListener::Progress& far) {
    if (!shows_progress) return;
    std::cerr << '\r' << far.done << " of " << far.rows << " rows" << (far.done == far.rows ? "\n" : "")
              << std::flush;
  };
  return {progress, print_step};
}

void print_change(const std::string& kind, const ReferenceChanges::Change& change) {
  std::cerr << kind << ": " << change.count << " (";
  const char* separator = "";
  for (const auto& place : change.examples) {
    std::cerr << separator << place.table << " row " << place.rowid;
    separator = ", ";
  }
  const bool are_all = change.count == static_cast<std::int64_t>(change.examples.size());
  std::cerr << (are_all ? ")\n" : ", ...)\n");
}

void print_report(const MigrationReport& report) {
  for (const auto& [kind, change] : report.changes.by_kind()) print_change(kind, change);
  for (const std::string& what : report.changes.left_out()) {
    std::cerr << "left out, and only in the old database: " << what << '\n';
  }
  if (report.backup) std::cerr << "the old database is kept as " << *report.backup << '\n';
}

void print_counts(const MigrationReport& report) {
  std::string line;
  history::JsonWriter json(line);
  json.begin_object();
  json.key("conversations").integer(report.counts.conversations);
  json.key("events").integer(report.counts.events);
  json.key("summaries").integer(report.counts.summaries);
  json.key("changed").begin_object();
  for (const auto& [kind, change] : report.changes.by_kind()) json.key(kind).integer(change.count);
  json.end_object();
  json.end_object();
  std::cout << line << '\n';
}

}  // namespace

ExitStatus migrate(const ConfigArguments& config, const MigrateArguments& arguments) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  repositories::SystemClock clock;
  const MigrationMode mode = arguments.is_dry_run ? MigrationMode::kDryRun : MigrationMode::kForReal;
  const MigrationReport report =
      repositories::sqlite::migrate_reference(arguments.file, mode, clock, listen_to_steps());
  if (report.was_weirs) std::cerr << arguments.file << " is weir's already; nothing was changed\n";
  if (arguments.is_dry_run) std::cerr << "dry run: nothing was changed\n";
  print_report(report);
  print_counts(report);
  return kFine;
}

}  // namespace weir::commands
