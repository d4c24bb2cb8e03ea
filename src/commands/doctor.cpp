#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "weir/commands/commands.h"
#include "weir/commands/file_findings.h"
#include "weir/commands/logging.h"
#include "weir/commands/stop_request.h"
#include "weir/commands/store.h"
#include "weir/history/error.h"
#include "weir/repositories/sqlite/version.h"

namespace weir::commands {
namespace {

using repositories::sqlite::CheckDepth;
using repositories::sqlite::DatabaseFacts;
using repositories::sqlite::Onlooker;
using repositories::sqlite::SoundnessReport;
using enum Finding::Level;

/// A read keeps the log of a database that is written from shrinking.
constexpr std::chrono::seconds kQuickTime{30};

void print(const Finding& finding) {
  constexpr std::array<const char*, 3> kLevels = {"OK   ", "NOTE ", "FAIL "};
  std::cout << kLevels[static_cast<std::size_t>(finding.level)] << finding.what << ": " << finding.text;
  if (!finding.advice.empty()) std::cout << ". To do: " << finding.advice;
  std::cout << std::endl;
}

Finding look_at_sqlite(const config::Settings& settings) {
  const std::string version(repositories::sqlite::sqlite_version());
  if (repositories::sqlite::is_wal_reset_fixed(repositories::sqlite::sqlite_version_number())) {
    return {kOk, "SQLite", version};
  }
  const bool keeps_out = settings.sqlite.locking == repositories::sqlite::Locking::kExclusive;
  return {kNote, "SQLite",
          version + " has the WAL-reset bug, which weir's write ticket averts among its own connections",
          keeps_out ? "nothing: sqlite.locking exclusive keeps other programs out"
                    : "let no other program write the file, or set sqlite.locking to exclusive"};
}

Finding look_at_schema(const DatabaseFacts& facts) {
  const auto& schema = facts.schema;
  const int newest = repositories::sqlite::newest_schema_version();
  const std::string version = "version " + std::to_string(schema.version);
  if (schema.is_reference) return {kFail, "schema", "the reference service's", "bring it over: weir migrate"};
  if (schema.version == 0)
    return {kFail, "schema", "not one of weir's", "check chat.service.repository.path"};
  if (schema.version > newest) {
    return {kFail, "schema", version + ", this weir knows " + std::to_string(newest), "use a newer weir"};
  }
  if (!facts.has_sentinel) {
    return {kFail, "schema", "lacks the row that weir writes into every database", "restore a backup"};
  }
  if (schema.version < newest) {
    return {kNote, "schema", version, "the next start brings it to version " + std::to_string(newest)};
  }
  return {kOk, "schema", version};
}

Finding look_at_pragmas(const DatabaseFacts& facts) {
  const std::string text = "journal_mode " + facts.journal_mode + ", page_size " +
                           std::to_string(facts.page_size) + ", auto_vacuum " +
                           std::to_string(facts.auto_vacuum) + ", encoding " + facts.encoding;
  if (facts.journal_mode == "wal") return {kOk, "pragmas of the file", text};
  return {kNote, "pragmas of the file", text,
          "another program has changed it; the next start sets wal again"};
}

Finding look_at_settings(const config::Settings& settings) {
  const auto& sqlite = settings.sqlite;
  const bool is_full = sqlite.synchronous == repositories::sqlite::Synchronous::kFull;
  const bool is_exclusive = sqlite.locking == repositories::sqlite::Locking::kExclusive;
  return {kOk, "pragmas of weir, as configured",
          std::string("synchronous ") + (is_full ? "full" : "normal") + ", locking " +
              (is_exclusive ? "exclusive" : "shared") + ", wal_autocheckpoint " +
              std::to_string(sqlite.wal_autocheckpoint) +
              ", foreign_keys 1, cell_size_check 1; readers query_only"};
}

Finding look_at_free_pages(const DatabaseFacts& facts) {
  constexpr std::int64_t kMuch = 25;  // percent
  const std::int64_t share = facts.page_count == 0 ? 0 : facts.free_pages * 100 / facts.page_count;
  const std::string text = std::to_string(facts.free_pages) + " of " + std::to_string(facts.page_count) +
                           " pages are free (" + std::to_string(share) + " %)";
  if (share < kMuch) return {kOk, "free pages", text};
  return {kNote, "free pages", text,
          "nothing, new events fill them; to give the room back, stop weir and VACUUM"};
}

Findings look_at_soundness(const SoundnessReport& report, CheckDepth depth) {
  const std::string what = "integrity";
  const std::string restore = "stop weir, keep the files, restore a backup";
  if (report.damage) return {{kFail, what, *report.damage, restore}};
  Findings findings;
  for (const std::string& text : report.contradictions) findings.push_back({kFail, what, text, restore});
  if (!findings.empty()) return findings;
  if (!report.is_complete) {
    return {{kNote, what, "nothing found before the check was ended", "check all of it: weir doctor --full"}};
  }
  return {{kOk, what,
           depth == CheckDepth::kFull
               ? "pages, indexes, and what tables say of each other"
               : "pages; --full looks at indexes too, and at what tables say of each other"}};
}

/// Prints what it finds as it goes, for a check may take long.
class Doctor {
 public:
  Doctor(const config::Settings& settings, CheckDepth depth) : settings_(settings), depth_(depth) {}

  ExitStatus examine() {
    const std::string& path = settings_.repository.path;
    const Users users = users_of(path);
    add(look_at_files(path));
    add(look_at_file_system(settings_));
    add(look_at_users(users));
    add(look_at_log(settings_, users));  // before the database is opened
    add({look_at_sqlite(settings_), look_at_settings(settings_)});
    examine_content(users);
    return worst_;
  }

 private:
  void add(const Findings& findings) {
    for (const Finding& finding : findings) {
      print(finding);
      if (finding.level == kFail) worst_ = kFailed;
    }
  }

  void examine_content(const Users& users) {
    try {
      look_inside();
    } catch (const history::Error& error) {
      const bool is_kept = error.code() == history::ErrorCode::kUnavailable && users.is_anybody();
      add({is_kept
               ? Finding{kNote, "content", error.what(), "ask the service itself: GET /health"}
               : Finding{kFail, "content", error.what(), "keep the files as they are; restore a backup"}});
    }
  }

  void look_inside() {
    Onlooker onlooker(settings_.repository.path);
    const DatabaseFacts facts = inspect(onlooker);
    add({look_at_schema(facts), look_at_pragmas(facts), look_at_free_pages(facts)});
    const auto end = std::chrono::steady_clock::now() + kQuickTime;
    onlooker.interrupt_when([this, end] {
      return stop_.is_there() || (depth_ == CheckDepth::kQuick && std::chrono::steady_clock::now() > end);
    });
    const bool is_weirs =
        !facts.schema.is_foreign && facts.schema.version <= repositories::sqlite::newest_schema_version();
    const SoundnessReport report = check_soundness(onlooker, depth_, is_weirs ? facts.schema.version : 0);
    onlooker.require_undisturbed();
    add(look_at_soundness(report, depth_));
  }

  const config::Settings& settings_;
  const CheckDepth depth_;
  const StopRequest stop_;
  ExitStatus worst_ = kFine;
};

}  // namespace

ExitStatus doctor(const ConfigArguments& config, const DoctorArguments& arguments) {
  auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  require_database(settings->repository.path);
  // The files that belong to it stand beside the file itself, whatever links lead there.
  settings->repository.path = std::filesystem::canonical(settings->repository.path).string();
  return Doctor(*settings, arguments.is_full ? CheckDepth::kFull : CheckDepth::kQuick).examine();
}

}  // namespace weir::commands
