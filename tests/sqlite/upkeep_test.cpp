// What the background does: health checks, replacement, statistics.

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <filesystem>

#include "sqlite/faulty_vfs.h"
#include "sqlite/plain_database.h"
#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/error_of.h"
#include "support/manual_clock.h"
#include "support/repository_rig.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using namespace std::chrono_literals;

namespace {

template <class Repo>
struct UpkeepRig {
  UpkeepRig() {
    options.path = files.options.path;
    repo = std::make_unique<Repo>(options, weir::repositories::sqlite::Environment{clock, observer, 1});
    repo->add_event(user_says("c", "1"));
    repo->events({ConversationId("c")});
  }

  RepositoryRig files;
  const CapturedLog log;
  ManualClock clock;
  CountingObserver observer;
  weir::repositories::sqlite::RepositoryOptions options{.upkeep = weir::repositories::sqlite::Upkeep::kNone};
  std::unique_ptr<ChatRepository> repo;
};

}  // namespace

TEST_CASE_TEMPLATE("upkeep: idle connections are probed once an interval, and counted", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  UpkeepRig<Repo> rig;
  const auto open = rig.observer.created.load();
  CHECK(rig.repo->stats().health_checks_performed == 0);
  for (std::uint64_t round = 1; round <= 3; ++round) {
    rig.clock.advance(60s);
    spin_until([&] { return rig.repo->stats().health_checks_performed >= round * open; });
    CHECK(rig.repo->stats().health_checks_performed == round * open);
  }
  CHECK(rig.observer.checked_ok == 3 * open);
  CHECK(rig.repo->stats().connection_errors == 0);
}

TEST_CASE_TEMPLATE("upkeep: a health check finds a file that was taken away while nobody called", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  UpkeepRig<Repo> rig;
  std::filesystem::remove(rig.options.path);
  rig.clock.advance(60s);
  spin_until([&] { return rig.repo->health().status == RepositoryHealth::Status::kFailed; });
  CHECK(rig.observer.checked_failed > 0);
}

TEST_CASE_TEMPLATE("upkeep: a file that took the place of the database is neither opened nor changed", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig other;
  other.make<PooledSqlRepo>()->add_event(user_says("other", "x"));
  const std::string theirs = read_file(other.options.path);
  UpkeepRig<Repo> rig;
  std::filesystem::rename(other.options.path, rig.options.path);
  rig.clock.advance(60s);
  spin_until([&] { return rig.repo->health().status == RepositoryHealth::Status::kFailed; });
  CHECK_THROWS_AS(rig.repo->add_event(user_says("c", "2")), Error);
  rig.repo.reset();
  CHECK(read_file(rig.options.path) == theirs);
}

TEST_CASE_TEMPLATE("upkeep: a health check finds that the row is gone which weir writes into every database",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  UpkeepRig<Repo> rig;
  PlainDatabase(rig.options.path).ask("DELETE FROM weir_database");
  rig.clock.advance(60s);
  spin_until([&] { return rig.repo->health().status == RepositoryHealth::Status::kFailed; });
  CHECK_THROWS_AS(rig.repo->add_event(user_says("c", "2")), Error);
}

TEST_CASE("upkeep: another database that was copied into the file is found by the next connection") {
  RepositoryRig rig;
  rig.options.pool.connection_timeout = weir::repositories::Seconds(0.05);
  const auto repo = rig.make<PooledSqlRepo>();
  repo->open();
  PlainDatabase(rig.options.path).ask("UPDATE weir_database SET database_id = 'another'");
  CHECK_THROWS_AS(repo->add_event(user_says("c", "1")), Error);
  CHECK(error_of([&] { repo->add_event(user_says("c", "1")); }).code() == ErrorCode::kUnavailable);
  CHECK(repo->health().status == RepositoryHealth::Status::kFailed);
}

TEST_CASE_TEMPLATE("upkeep: a call that failed leaves no deadline behind for the next health check", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  UpkeepRig<Repo> rig;
  CHECK_THROWS_AS(rig.repo->list_conversations({.after = "no cursor"}, {.timeout = 1s}), Error);
  const auto open = rig.observer.created.load();
  rig.clock.advance(60s);
  spin_until([&] { return rig.repo->stats().health_checks_performed >= open; });
  CHECK(rig.observer.checked_failed == 0);
}

TEST_CASE_TEMPLATE("upkeep: the planner's statistics are refreshed once an interval, by a writer", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  UpkeepRig<Repo> rig;
  SQLite::Database outside(rig.options.path);
  const auto analysed = [&] { return outside.tableExists("sqlite_stat1"); };
  CHECK_FALSE(analysed());
  rig.clock.advance(3600s);
  spin_until(analysed);
  CHECK(rig.repo->events({ConversationId("c")}).size() == 1);
}

// As when the process is out of file descriptors for a while, and then nobody calls.
TEST_CASE("upkeep: a reader that a caller could not open is opened when that is possible again") {
  FaultyVfs vfs;
  RepositoryRig files;
  ManualClock clock;
  CountingObserver observer;
  files.options.pool.max_readers = 2;
  PooledSqlRepo repo(files.options, weir::repositories::sqlite::Environment{clock, observer, 1});
  repo.add_event(user_says("c", "1"));
  clock.advance(60s);  // so that the background has looked, and has no reason to look again for as long
  spin_until([&] { return repo.stats().health_checks_performed > 0; });
  vfs.arm({VfsCall::kOpen, SQLITE_CANTOPEN, 1});
  CHECK(repo.events({ConversationId("c")}).size() == 1);
  CHECK(repo.health().status == RepositoryHealth::Status::kDegraded);
  spin_until([&] {
    clock.advance(10ms);
    return repo.health().status == RepositoryHealth::Status::kOk;
  });
  CHECK(clock.now() < ManualClock().now() + 70s);
  spin_until([&] { return repo.stats().read_connections_created == 2; });
}

TEST_CASE("upkeep: what was committed into a file that was taken away meanwhile is not acknowledged") {
  struct Remover final : weir::repositories::Observer {
    void group_committed(std::size_t, weir::repositories::Duration) noexcept override {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
    std::string path;
  };
  RepositoryRig rig;
  Remover remover;
  remover.path = rig.options.path;
  PooledSqlRepo repo(rig.options, {rig.clock, remover, 1});
  CHECK(error_of([&] { repo.add_event(user_says("c", "1")); }).code() == ErrorCode::kUnknownOutcome);
}
