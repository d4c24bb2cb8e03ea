// What a migration leaves behind when it is cut short.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "support/error_of.h"
#include "support/repository_rig.h"
#include "weir/repositories/sqlite/reference_migration.h"

using namespace weir::repositories::sqlite;
using namespace weir::testing;
using weir::history::ConversationId;
using weir::repositories::SystemClock;

namespace {

constexpr int kRows = 50;

/// A database as a killed reference service leaves it: rows in the file, and more in its log.
std::string make_reference(const ScratchDirectory& folder) {
  const std::string live = folder / "live.db";
  const std::string path = folder / "a.db";
  SQLite::Database database(live, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec(
      "PRAGMA journal_mode = WAL; CREATE TABLE chat_events(id TEXT PRIMARY KEY, conversation_id TEXT NOT "
      "NULL,"
      " seq INTEGER, timestamp TEXT, type TEXT NOT NULL, content TEXT); PRAGMA wal_checkpoint;");
  for (int i = 0; i < kRows; ++i) {
    database.exec("INSERT INTO chat_events VALUES ('e" + std::to_string(i) + "', 'c', " +
                  std::to_string(i / 2) + ", '2026-01-31T08:00:00', 'user_message', 'x')");
    if (i == kRows / 2) database.exec("PRAGMA wal_checkpoint");
  }
  std::filesystem::copy_file(live, path);
  std::filesystem::copy_file(live + "-wal", path + "-wal");
  return path;
}

MigrationListener ignore() {
  return {[](const MigrationListener::Progress&) {}, [](MigrationStep) {}};
}

MigrationReport migrate_again(const std::string& path) {
  SystemClock clock;
  return migrate_reference(path, MigrationMode::kForReal, clock, ignore());
}

/// Migrates in a process that ends at once after `last`, as by a kill.
void migrate_until(const std::string& path, MigrationStep last) {
  const pid_t child = ::fork();
  if (child == 0) {
    MigrationListener listener = ignore();
    listener.step = [&](MigrationStep step) {
      if (step == last) ::_exit(0);
    };
    SystemClock clock;
    migrate_reference(path, MigrationMode::kForReal, clock, listener);
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
}

int count_rows(const std::string& path, const std::string& table) {
  // With its log, as whoever comes after a kill opens it.
  SQLite::Database database(path, SQLite::OPEN_READWRITE);
  CHECK(database.execAndGet("PRAGMA integrity_check").getString() == "ok");
  return database.execAndGet("SELECT count(*) FROM " + table).getInt();
}

std::vector<std::string> files_beside(const std::string& path) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("a.db") && name.find(".before-weir-") == std::string::npos) found.push_back(name);
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

TEST_CASE("migration: killed after any step, one whole database is at the path and a repetition finishes") {
  using enum MigrationStep;
  for (const MigrationStep last : {kBuilt, kSettled, kCopied, kBackedUp, kReplaced}) {
    CAPTURE(static_cast<int>(last));
    const RepositoryRig rig;
    const std::string path = make_reference(rig.folder);
    migrate_until(path, last);
    CHECK(count_rows(path, last == kReplaced ? "events" : "chat_events") == kRows);
    const MigrationReport report = migrate_again(path);
    CHECK(report.was_weirs == (last == kReplaced));
    CHECK(count_rows(path, "events") == kRows);
    if (report.backup) CHECK(count_rows(*report.backup, "chat_events") == kRows);
    CHECK(files_beside(path) == std::vector<std::string>{"a.db", "a.db.lock"});
  }
}

TEST_CASE("migration: no step loses what stood in the log, and weir goes on where it ended") {
  RepositoryRig rig;
  rig.options.path = make_reference(rig.folder);
  const MigrationReport report = migrate_again(rig.options.path);
  CHECK(report.counts.events == kRows);
  CHECK(report.changes.by_kind().at("seq_duplicate").count == kRows / 2);
  const auto repo = rig.make<PooledSqlRepo>();
  CHECK(repo->add_event(user_says("c", "more")).event.seq == kRows + 1);
}

TEST_CASE("migration: an error leaves the old database, and nothing beside it") {
  const ScratchDirectory folder;
  const std::string path = make_reference(folder);
  SystemClock clock;
  MigrationListener listener = ignore();
  listener.step = [](MigrationStep) { throw std::runtime_error("as a full disk"); };
  CHECK_THROWS(migrate_reference(path, MigrationMode::kForReal, clock, listener));
  CHECK(count_rows(path, "chat_events") == kRows);
  CHECK(files_beside(path) == std::vector<std::string>{"a.db", "a.db.lock"});
}

TEST_CASE("migration: a row without an id is not given that of a row that comes later") {
  RepositoryRig rig;
  rig.options.path = make_reference(rig.folder);
  SQLite::Database(rig.options.path, SQLite::OPEN_READWRITE)
      .exec(
          "DELETE FROM chat_events; INSERT INTO chat_events(rowid, id, conversation_id, seq, type) VALUES"
          " (1, NULL, 'c', 1, 'user_message'), (2, 'chat_events:1', 'c', 2, 'user_message')");
  const MigrationReport report = migrate_again(rig.options.path);
  CHECK_FALSE(report.changes.by_kind().contains("id_duplicate"));
  const auto events = rig.make<PooledSqlRepo>()->events({ConversationId("c")});
  REQUIRE(events.size() == 2);
  CHECK(events[0].id.value() == "chat_events:1'");
  CHECK(events[1].id.value() == "chat_events:1");
}

TEST_CASE("migration: two at the same second keep two backups") {
  const ScratchDirectory folder;
  class StoppedClock final : public weir::repositories::Clock {
   public:
    weir::repositories::TimePoint now() const override { return {}; }
    std::chrono::system_clock::time_point wall_now() const override { return {}; }
    void wait_until(std::condition_variable&, std::unique_lock<std::mutex>&,
                    weir::repositories::TimePoint) override {}
    void sleep_until(weir::repositories::TimePoint) override {}
  };
  StoppedClock clock;
  const std::string path = make_reference(folder);
  std::filesystem::copy_file(folder / "live.db", folder / "old.db");
  const auto first = migrate_reference(path, MigrationMode::kForReal, clock, ignore());
  std::filesystem::rename(folder / "old.db", path);
  const auto second = migrate_reference(path, MigrationMode::kForReal, clock, ignore());
  CHECK(first.backup == path + ".before-weir-19700101T000000Z");
  CHECK(second.backup == path + ".before-weir-19700101T000000Z-2");
}
