// sqlite.locking: exclusive. That it keeps other processes out is tested with the program, in tests/commands.

#include <doctest/doctest.h>

#include <filesystem>

#include "support/counting_observer.h"
#include "support/error_of.h"
#include "support/repository_rig.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::repositories::sqlite;
using namespace weir::testing;

namespace {

struct ExclusiveRig : RepositoryRig {
  ExclusiveRig() { options.sqlite.locking = Locking::kExclusive; }
};

}  // namespace

TEST_CASE_TEMPLATE("locking: exclusive, many read and write at once, and there is no -shm file", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  constexpr std::size_t kThreads = 8;
  constexpr int kEach = 20;
  ExclusiveRig rig;
  {
    const auto repo = rig.make<Repo>();
    run_at_once(kThreads, [&](std::size_t) {
      for (int i = 0; i < kEach; ++i) {
        const Seq seq = repo->add_event(user_says("c", "x")).event.seq;
        CHECK(repo->events({ConversationId("c")}).size() >= static_cast<std::size_t>(seq));
      }
    });
    CHECK(repo->health().status == RepositoryHealth::Status::kOk);
    CHECK(std::filesystem::exists(rig.options.path + "-wal"));
    CHECK_FALSE(std::filesystem::exists(rig.options.path + "-shm"));
  }
  CHECK_FALSE(std::filesystem::exists(rig.options.path + "-wal"));
  rig.options.sqlite.locking = Locking::kShared;
  CHECK(rig.make<Repo>()->events({ConversationId("c")}).size() == kThreads * kEach);
}

TEST_CASE_TEMPLATE("locking: exclusive, a file that is taken away is noticed", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  ExclusiveRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_event(user_says("c", "1"));
  std::filesystem::rename(rig.options.path, rig.options.path + ".gone");
  CHECK(error_of([&] { repo->add_event(user_says("c", "2")); }).code() == ErrorCode::kUnavailable);
  CHECK(repo->health().status == RepositoryHealth::Status::kFailed);
}

TEST_CASE("locking: exclusive, the log is copied back and cut beside the callers") {
  ExclusiveRig rig;
  rig.options.sqlite.checkpoint_pages = 60;
  CountingObserver observer;
  PooledSqlRepo repo(rig.options, Environment{rig.clock, observer, 1});
  while (observer.checkpoints_complete == 0) repo.add_event(user_says("c", std::string(1000, 'x')));
  spin_until([&] { return repo.stats().wal_bytes == 0; });
  CHECK(observer.checkpoints_failed == 0);
}

// As when a configuration is reloaded, and while both repositories serve.
TEST_CASE_TEMPLATE("locking: repositories of one process share the file, whatever their locking", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  ExclusiveRig rig;
  auto exclusive = rig.make<PooledSqlRepo>();
  exclusive->add_event(user_says("c", "1"));
  rig.options.sqlite.locking = Locking::kShared;
  const auto shared = rig.make<Repo>();
  shared->add_event(user_says("c", "2"));
  CHECK(exclusive->add_event(user_says("c", "3")).event.seq == 3);
  exclusive.reset();
  CHECK(shared->add_event(user_says("c", "4")).event.seq == 4);
  rig.options.sqlite.locking = Locking::kExclusive;
  exclusive = rig.make<PooledSqlRepo>();
  CHECK(exclusive->events({ConversationId("c")}).size() == 4);
  CHECK(exclusive->add_event(user_says("c", "5")).event.seq == 5);
  CHECK(shared->events({ConversationId("c")}).size() == 5);
}
