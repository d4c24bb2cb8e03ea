// Many callers at once: nothing lost, nothing twice, numbers dense, no lock error (invariants I2, I3, I4,
// I10).

#include <doctest/doctest.h>

#include <atomic>

#include "support/captured_log.h"
#include "support/repository_rig.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

void check_dense(ChatRepository& repo, const ConversationId& conversation, std::size_t count) {
  const auto events = repo.events({conversation});
  REQUIRE(events.size() == count);
  for (std::size_t i = 0; i < count; ++i) REQUIRE(events[i].seq == static_cast<Seq>(i + 1));
}

}  // namespace

TEST_CASE_TEMPLATE("race: 16 readers and 4 writers, every write found by the next read of its writer", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    const CapturedLog log;
    constexpr int kWrites = 10;
    std::atomic<std::size_t> broken_reads{0};
    run_at_once(20, [&](std::size_t thread) {
      if (thread < 4) {
        const ConversationId own("writer-" + std::to_string(thread));
        for (int i = 0; i < kWrites; ++i) {
          const Event stored = repo->add_event(user_says(i % 2 == 0 ? own.value() : "shared", "x")).event;
          if (repo->find_event(stored.id) != stored) ++broken_reads;
        }
        return;
      }
      Seq last_seen = 0;
      for (int i = 0; i < kWrites; ++i) {
        const auto recent = repo->events({.conversation_id = ConversationId("shared"), .limit = 5});
        const Seq newest = recent.empty() ? 0 : recent.back().seq;
        if (newest < last_seen) ++broken_reads;
        last_seen = newest;
      }
    });
    CHECK(broken_reads == 0);
    check_dense(*repo, ConversationId("shared"), static_cast<std::size_t>(4 * (kWrites / 2)));
    CHECK(log.lines().empty());
  });
}

TEST_CASE_TEMPLATE("race: the same requests from many callers are stored once each", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    std::atomic<int> first_times{0};
    run_at_once(8, [&](std::size_t) {
      for (int i = 0; i < 10; ++i) {
        if (!repo->add_event(with_request(user_says("c", "x"), "r" + std::to_string(i))).duplicate)
          ++first_times;
      }
    });
    CHECK(first_times == 10);
    check_dense(*repo, ConversationId("c"), 10);
  });
}

TEST_CASE_TEMPLATE("race: a batch is seen whole or not at all", Repo, PooledSqlRepo, AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    constexpr std::size_t kBatch = 7;
    std::atomic<bool> writing{true};
    std::atomic<int> torn{0};
    run_at_once(4, [&](std::size_t thread) {
      if (thread == 0) {
        for (int i = 0; i < 10; ++i) repo->add_events(std::vector<NewEvent>(kBatch, user_says("c", "x")));
        writing = false;
        return;
      }
      while (writing) {
        if (repo->events({ConversationId("c")}).size() % kBatch != 0) ++torn;
      }
    });
    CHECK(torn == 0);
    check_dense(*repo, ConversationId("c"), 10 * kBatch);
  });
}

TEST_CASE("race: two repositories of either kind on one file share its ticket, and nobody meets a lock") {
  for_rounds([] {
    RepositoryRig rig;
    const auto pooled = rig.make<PooledSqlRepo>();
    const auto legacy = rig.make<AsyncSqlRepo>();
    const CapturedLog log;
    run_at_once(8, [&](std::size_t thread) {
      ChatRepository& repo = thread % 2 == 0 ? static_cast<ChatRepository&>(*pooled) : *legacy;
      for (int i = 0; i < 10; ++i) repo.add_event(user_says("c", "x"));
    });
    check_dense(*pooled, ConversationId("c"), 80);
    CHECK(log.lines().empty());
  });
}

TEST_CASE_TEMPLATE("race: many threads make the first call at once", Repo, PooledSqlRepo, AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    run_at_once(8, [&](std::size_t) { repo->add_event(user_says("c", "x")); });
    check_dense(*repo, ConversationId("c"), 8);
  });
}
