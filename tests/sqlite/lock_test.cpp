// Another program writes to the file: retries, deadlines, and what is told about them (invariant I6).

#include <doctest/doctest.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/error_of.h"
#include "support/manual_clock.h"
#include "support/repository_rig.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using namespace std::chrono_literals;

namespace {

/// A repository with its own clock, and a stranger's connection that holds the write lock.
template <class Repo>
struct LockedRig {
  LockedRig() {
    options.path = files.options.path;
    options.sqlite.busy_timeout = weir::repositories::Seconds(0.001);
    options.retry.jitter = 0;
    repo = std::make_unique<Repo>(options, weir::repositories::sqlite::Environment{clock, observer, 1});
    repo->add_event(user_says("c", "1"));
    stranger = std::make_unique<SQLite::Database>(options.path, SQLite::OPEN_READWRITE);
    stranger->exec("BEGIN IMMEDIATE");
  }

  std::ptrdiff_t logged(const std::string& level) const {
    const auto lines = log.lines();
    return std::ranges::count_if(lines, [&](const std::string& line) { return line.starts_with(level); });
  }

  RepositoryRig files;
  const CapturedLog log;
  ManualClock clock{Sleeping::kAdvances};
  CountingObserver observer;
  weir::repositories::sqlite::RepositoryOptions options{
      .slow_log = {.operation = weir::repositories::Seconds(1e6), .hold = weir::repositories::Seconds(1e6)},
      .upkeep = weir::repositories::sqlite::Upkeep::kNone};
  std::unique_ptr<ChatRepository> repo;
  std::unique_ptr<SQLite::Database> stranger;
};

}  // namespace

TEST_CASE_TEMPLATE(
    "lock: a write retries after 50, 100, 200, 400 and 800 ms, a warning each and an error at the last", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  LockedRig<Repo> rig;
  CHECK(error_of([&] { rig.repo->add_event(user_says("c", "2")); }).code() == ErrorCode::kUnavailable);
  CHECK(rig.clock.sleeps() == std::vector<ManualClock::Duration>{50ms, 100ms, 200ms, 400ms, 800ms});
  CHECK(rig.observer.retried == 5);
  CHECK(rig.logged("warning") == 5);
  CHECK(rig.logged("error") == 1);
  rig.stranger->exec("ROLLBACK");
  CHECK(rig.repo->add_event(user_says("c", "2")).event.seq == 2);
}

TEST_CASE_TEMPLATE("lock: no retry begins past the deadline", Repo, PooledSqlRepo, AsyncSqlRepo) {
  LockedRig<Repo> rig;
  CHECK(error_of([&] { rig.repo->add_event(user_says("c", "2"), {.timeout = 160ms}); }).code() ==
        ErrorCode::kTimeout);
  CHECK(rig.clock.sleeps() == std::vector<ManualClock::Duration>{50ms, 100ms});
}

TEST_CASE_TEMPLATE("lock: reads go on while a stranger writes", Repo, PooledSqlRepo, AsyncSqlRepo) {
  LockedRig<Repo> rig;
  CHECK(rig.repo->events({ConversationId("c")}).size() == 1);
  CHECK(rig.log.lines().empty());
}

TEST_CASE_TEMPLATE("lock: a write that is refused for what it says is not retried", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  LockedRig<Repo> rig;
  rig.stranger->exec("ROLLBACK");
  NewEvent event = user_says("c", "2");
  event.seq = 7;
  CHECK(error_of([&] { rig.repo->add_event(event); }).code() == ErrorCode::kConflict);
  CHECK(rig.clock.sleeps().empty());
}

TEST_CASE_TEMPLATE("lock: what a stranger wrote is found", Repo, PooledSqlRepo, AsyncSqlRepo) {
  LockedRig<Repo> rig;
  rig.stranger->exec("UPDATE conversations SET title = 'renamed'; COMMIT");
  CHECK(rig.repo->list_conversations({}).conversations.at(0).title == "renamed");
}
