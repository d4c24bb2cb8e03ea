// The file: how it is made, whose it may be, and what happens when it is taken away (invariants I8, I13).

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "support/captured_log.h"
#include "support/error_of.h"
#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/repositories/sqlite/schema.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::newest_schema_version;
using weir::repositories::sqlite::PooledSqlRepo;

namespace fs = std::filesystem;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

void run_sql(const std::string& path, const char* sql) {
  SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
}

}  // namespace

TEST_CASE_TEMPLATE("database: nothing is touched before the first use", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  {
    const auto repo = rig.make<Repo>();
    CHECK(repo->stats().wal_bytes == 0);
    CHECK(repo->health().status == RepositoryHealth::Status::kOk);
  }
  CHECK_FALSE(fs::exists(rig.options.path));
}

TEST_CASE_TEMPLATE("database: its files are made for their owner alone, and its folder too", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  rig.options.path = rig.folder / "deep/er/history.db";
  const mode_t former = ::umask(0);
  const auto repo = rig.make<Repo>();
  repo->add_event(user_says("c", "x"));
  ::umask(former);
  CHECK(mode_of(rig.options.path) == 0600);
  CHECK(mode_of(rig.options.path + "-wal") == 0600);
  CHECK(mode_of(rig.options.path + "-shm") == 0600);
  CHECK(mode_of(rig.folder / "deep/er") == 0700);
}

TEST_CASE("database: a name that SQLite would read as a URI is a plain name") {
  RepositoryRig rig;
  rig.options.path = rig.folder / "file:history.db?mode=memory";
  rig.make<PooledSqlRepo>()->add_event(user_says("c", "x"));
  CHECK(fs::exists(rig.options.path));
  CHECK(rig.make<AsyncSqlRepo>()->events({ConversationId("c")}).size() == 1);
}

TEST_CASE_TEMPLATE("database: closing checkpoints and leaves one file", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  rig.make<Repo>()->add_event(user_says("c", "x"));
  CHECK_FALSE(fs::exists(rig.options.path + "-wal"));
}

TEST_CASE_TEMPLATE("database: one from a newer version is refused with both numbers, and not changed", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  rig.make<Repo>()->open();
  run_sql(rig.options.path, "PRAGMA user_version = 7");
  const Error error = error_of([&] { rig.make<Repo>()->events({ConversationId("c")}); });
  CHECK(error.code() == ErrorCode::kUnsupported);
  const std::string text = error.what();
  CHECK(text.find("version 7") != std::string::npos);
  CHECK(text.find("version " + std::to_string(newest_schema_version())) != std::string::npos);
}

TEST_CASE_TEMPLATE(
    "database: one of another program is refused, the reference service's with the command to run", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  run_sql(rig.options.path, "CREATE TABLE things(a)");
  CHECK(error_of([&] { rig.make<Repo>()->open(); }).code() == ErrorCode::kUnsupported);
  run_sql(rig.options.path, "CREATE TABLE chat_events(id TEXT PRIMARY KEY)");
  const std::string text = error_of([&] { rig.make<Repo>()->open(); }).what();
  CHECK(text.find("weir migrate " + rig.options.path) != std::string::npos);
}

TEST_CASE_TEMPLATE("database: what is no database is damaged, and kept", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const CapturedLog log;
  rig.folder.write("history.db", std::string(8192, 'x'));
  CHECK(error_of([&] { rig.make<Repo>()->open(); }).code() == ErrorCode::kDamaged);
  CHECK(read_file(rig.options.path) == std::string(8192, 'x'));
}

TEST_CASE_TEMPLATE(
    "database: once its files are taken away or replaced, no write is acknowledged and health is red", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  const std::vector<std::pair<const char*, std::function<void(const std::string&)>>> acts = {
      {"unlinked", [](const std::string& path) { fs::remove(path); }},
      {"renamed", [](const std::string& path) { fs::rename(path, path + ".old"); }},
      {"replaced",
       [](const std::string& path) {
         fs::rename(path, path + ".old");
         fs::copy_file(path + ".old", path);
       }},
      {"truncated", [](const std::string& path) { fs::resize_file(path, 0); }},
      {"truncated in part", [](const std::string& path) { fs::resize_file(path, 4096); }},
      {"log unlinked", [](const std::string& path) { fs::remove(path + "-wal"); }},
      {"log replaced",
       [](const std::string& path) {
         fs::rename(path + "-wal", path + ".old");
         fs::copy_file(path + ".old", path + "-wal");
       }},
  };
  for (const auto& act : acts) {
    CAPTURE(act.first);
    RepositoryRig rig;
    const CapturedLog log;
    rig.options.sqlite.wal_autocheckpoint = 1;  // so that the file itself grows with each write
    const auto repo = rig.make<Repo>();
    repo->add_event(user_says("c", "1"));
    act.second(rig.options.path);
    CHECK(error_of([&] { repo->add_event(user_says("c", "2")); }).code() == ErrorCode::kUnavailable);
    CHECK(repo->health().status == RepositoryHealth::Status::kFailed);
    CHECK_FALSE(repo->health().reason.empty());
    CHECK(error_of([&] { repo->add_event(user_says("c", "3")); }).code() == ErrorCode::kUnavailable);
  }
}

TEST_CASE_TEMPLATE(
    "database: in the child of a fork a repository fails clearly, and the parent's is unharmed", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  auto repo = rig.make<Repo>();
  repo->add_event(user_says("c", "1"));
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);  // a child that hangs is killed, and seen below
    try {
      repo->add_event(user_says("c", "from the child"));
    } catch (const Error& error) {
      const bool is_clear = std::string(error.what()).find("fork") != std::string::npos;
      repo.reset();
      ::_exit(is_clear ? 0 : 1);
    }
    ::_exit(2);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(repo->add_event(user_says("c", "2")).event.seq == 2);
  repo.reset();
  SQLite::Database check(rig.options.path);
  CHECK(check.execAndGet("PRAGMA integrity_check").getString() == "ok");
}

TEST_CASE_TEMPLATE("database: another program's VACUUM shortens the file, and is no reason for alarm", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  rig.options.sqlite.checkpoint_pages = 1;
  rig.options.sqlite.wal_autocheckpoint = 1;
  const auto repo = rig.make<Repo>();
  repo->add_event(user_says("c", std::string(200'000, 'x')));
  repo->add_event(user_says("d", "y"));
  repo->delete_conversation(ConversationId("c"));
  const auto before = fs::file_size(rig.options.path);
  run_sql(rig.options.path, "VACUUM");
  // Not while weir's own checkpoint is under way.
  spin_until([&] {
    run_sql(rig.options.path, "PRAGMA wal_checkpoint(TRUNCATE)");
    return fs::file_size(rig.options.path) < before;
  });
  CHECK(repo->add_event(user_says("d", "z")).event.seq == 2);
  CHECK(repo->health().status == RepositoryHealth::Status::kOk);
}

TEST_CASE_TEMPLATE("database: one that cannot be opened is failed health, until it can be", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const CapturedLog log;
  rig.folder.write("history.db", std::string(8192, 'x'));
  rig.options.path = rig.folder / "history.db/inside";
  const auto repo = rig.make<Repo>();
  CHECK(error_of([&] { repo->open(); }).code() == ErrorCode::kUnavailable);
  CHECK(repo->health().status == RepositoryHealth::Status::kFailed);
  CHECK_FALSE(repo->health().reason.empty());
  fs::remove(rig.folder / "history.db");
  repo->open();
  CHECK(repo->health().status == RepositoryHealth::Status::kOk);
}
