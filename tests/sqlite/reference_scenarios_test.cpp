// What the services that weir takes over from were tested by, as they state it, on both repositories.

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <memory>
#include <set>

#include "support/captured_log.h"
#include "support/repository_rig.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

/// Every event once: seq from 1 without a gap, and every id another.
void require_each_once(Repository& repo, const std::string& conversation, std::size_t count) {
  const auto events = repo.events({ConversationId(conversation)});
  REQUIRE(events.size() == count);
  std::set<EventId> ids;
  for (std::size_t i = 0; i < count; ++i) {
    REQUIRE(events[i].seq == static_cast<Seq>(i + 1));
    ids.insert(events[i].id);
  }
  REQUIRE(ids.size() == count);
}

void write_many(Repository& repo, const std::string& writer, int writes) {
  for (int i = 0; i < writes; ++i) {
    repo.add_event(with_request(user_says("shared", writer), writer + "/" + std::to_string(i)));
  }
}

/// `threads` writers, so many writes each, into one conversation.
template <class Repo>
void race_writers(std::size_t threads, int writes) {
  for_rounds([&] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    const CapturedLog log;
    run_at_once(threads, [&](std::size_t thread) { write_many(*repo, std::to_string(thread), writes); });
    require_each_once(*repo, "shared", threads * static_cast<std::size_t>(writes));
    REQUIRE(log.lines().empty());
  });
}

}  // namespace

TEST_CASE_TEMPLATE("scenario: 5 threads write 10 events each: 50 stored, none twice", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  race_writers<Repo>(5, 10);
}

TEST_CASE_TEMPLATE("scenario: 10 writers write 50 events each: 500 stored", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  race_writers<Repo>(10, 50);
}

TEST_CASE_TEMPLATE("scenario: 3 readers and 3 writers, 180 operations, no error", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    const CapturedLog log;
    std::atomic<int> unordered = 0;
    run_at_once(6, [&](std::size_t thread) {
      if (thread < 3) return write_many(*repo, std::to_string(thread), 30);
      std::size_t seen = 0;
      for (int i = 0; i < 30; ++i) {
        const std::size_t now = repo->events({ConversationId("shared")}).size();
        unordered += now < seen ? 1 : 0;
        seen = now;
      }
    });
    REQUIRE(unordered == 0);
    require_each_once(*repo, "shared", 90);
    REQUIRE(log.lines().empty());
  });
}

TEST_CASE_TEMPLATE("scenario: 25 operations of every kind at once", Repo, PooledSqlRepo, AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    const ConversationId shared("shared");
    const CapturedLog log;
    run_at_once(25, [&](std::size_t thread) {
      switch (thread % 5) {
        case 0:
          repo->add_event(user_says("shared", "x"));
          break;
        case 1:
          repo->events({shared});
          break;
        case 2:
          repo->put_conversation(shared, "title");
          break;
        case 3:
          repo->list_conversations({});
          break;
        default:
          repo->recent_messages(shared, 10);
      }
    });
    require_each_once(*repo, "shared", 5);
    REQUIRE(repo->find_conversation(shared)->title == "title");
    REQUIRE(log.lines().empty());
  });
}

TEST_CASE_TEMPLATE("scenario: many threads use a repository first at the same moment", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    run_at_once(16, [&](std::size_t thread) { write_many(*repo, std::to_string(thread), 1); });
    require_each_once(*repo, "shared", 16);
  });
}
