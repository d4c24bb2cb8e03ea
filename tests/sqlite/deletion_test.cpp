// What is deleted is gone for everybody at once, and removed in steps between which others write.

#include <doctest/doctest.h>

#include <latch>
#include <string>

#include "sqlite/plain_database.h"
#include "support/manual_clock.h"
#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/repositories/sqlite/deletion.h"
#include "weir/repositories/sqlite/event_writes.h"
#include "weir/repositories/sqlite/transaction.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::Duration;
using weir::repositories::Observer;
using weir::repositories::Operation;
using weir::repositories::PoolKind;
using weir::repositories::TimePoint;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::Connection;
using weir::repositories::sqlite::ConnectionRole;
using weir::repositories::sqlite::EventWriter;
using weir::repositories::sqlite::hide_conversation;
using weir::repositories::sqlite::kMostDeletedAtOnce;
using weir::repositories::sqlite::PooledSqlRepo;
using weir::repositories::sqlite::Upkeep;
using weir::repositories::sqlite::WriteTransaction;
using namespace std::chrono_literals;

namespace {

const ConversationId kLong("long");
constexpr int kLength = 5 * static_cast<int>(kMostDeletedAtOnce);

NewEvent line(int i) {
  const std::string number = std::to_string(i);
  NewEvent event = with_request(user_says(kLong.value(), "tea " + number), "r" + number);
  event.id = EventId("e" + number);
  return event;
}

/// A database in which one conversation is long.
class LongRig {
 public:
  /// Opened with search on, and without upkeep.
  LongRig() {
    files.options.upkeep = Upkeep::kNone;
    AsyncSqlRepo repo(files.options, files.environment());
    std::vector<NewEvent> events;
    for (int i = 1; i <= kLength; ++i) events.push_back(line(i));
    repo.add_events(events);
    repo.add_event(user_says("short", "tea too"));
  }

  /// Leaves what a process leaves that ended when the conversation was deleted and its events were not
  /// removed.
  void hide_long() {
    Connection connection(files.options.path, ConnectionRole::kWriter, files.options.sqlite, files.clock);
    WriteTransaction transaction(connection);
    REQUIRE(hide_conversation(connection, kLong).has_value());
    transaction.commit();
  }

  int stored() const { return count("events"); }
  int remembered() const { return count("deleted_conversations"); }

  RepositoryRig files{{.enabled = true}};

 private:
  int count(const std::string& table) const {
    return std::stoi(PlainDatabase(files.options.path).ask("SELECT count(*) FROM " + table));
  }
};

/// Lets the time of every call be over as soon as something was written.
class ClockMover final : public Observer {
 public:
  void lease_released(PoolKind kind, Duration) noexcept override {
    if (kind == PoolKind::kWrite && armed) clock.advance(1h);
  }

  ManualClock clock{Sleeping::kAdvances};
  std::atomic<bool> armed = false;
};

}  // namespace

TEST_CASE_TEMPLATE("deletion: nothing is left of what was deleted, however long", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  LongRig rig;
  const auto repo = rig.files.make<Repo>();
  SUBCASE("one conversation") {
    CHECK(repo->delete_conversation(kLong));
    CHECK(rig.stored() == 1);
  }
  SUBCASE("all of them") {
    CHECK(repo->clear_all() == kLength + 1);
    CHECK(rig.stored() == 0);
  }
  CHECK(rig.remembered() == 0);
  CHECK(repo->add_event(line(1)).event.seq == 1);
}

// holder    writes ....................... done
// deleter          waits                        hides, first step      more steps
// witness                 waits                                  looks
TEST_CASE_TEMPLATE("deletion: who writes behind that of a long conversation does not wait for its end", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  LongRig rig;
  const auto repo = rig.files.make<Repo>();
  repo->open();
  std::latch is_holding(1);
  std::latch let_go(1);
  int stored_then = 0;
  Threads threads;
  threads.start([&] {
    repo->transact(Operation::kAddEvent, [&](EventWriter&) {
      is_holding.count_down();
      let_go.wait();
    });
  });
  is_holding.wait();
  threads.start([&] { repo->delete_conversation(kLong); });
  spin_until([&] { return repo->stats().write.waiters == 1; });
  threads.start(
      [&] { repo->transact(Operation::kAddEvent, [&](EventWriter&) { stored_then = rig.stored(); }); });
  spin_until([&] { return repo->stats().write.waiters == 2; });
  let_go.count_down();
  threads.join();
  CHECK(stored_then > kLength - static_cast<int>(kMostDeletedAtOnce));
  CHECK(rig.stored() == 1);
}

TEST_CASE_TEMPLATE("deletion: what is deleted and not yet removed is seen by nobody", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  LongRig rig;
  const auto repo = rig.files.make<Repo>();
  REQUIRE(repo->search({.words = "tea"}).size() > 1);
  rig.hide_long();
  CHECK(repo->events({kLong}).empty());
  CHECK_FALSE(repo->find_event(EventId("e7")).has_value());
  CHECK_FALSE(repo->exists(EventId("e7")));
  CHECK_FALSE(repo->find_by_request(kLong, RequestId("r7")).has_value());
  CHECK_FALSE(repo->find_conversation(kLong).has_value());
  CHECK(repo->list_conversations({}).conversations.size() == 1);
  CHECK(repo->conversation_ids(std::nullopt, 10) == std::vector{ConversationId("short")});
  CHECK(repo->search({.words = "tea"}).size() == 1);
  CHECK_FALSE(repo->delete_conversation(kLong));
}

TEST_CASE_TEMPLATE("deletion: of what is not yet removed everything may be used again", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  LongRig rig;
  rig.hide_long();
  const auto repo = rig.files.make<Repo>();
  const Appended again = repo->add_event(line(7));
  CHECK_FALSE(again.duplicate);
  CHECK(again.event.seq == 1);
  CHECK(rig.stored() == kLength + 1);
  CHECK(repo->import_events({{line(8), {}}}).front().outcome == ImportResult::Outcome::kImported);
  CHECK(repo->events({kLong}).size() == 2);
  CHECK(repo->clear_all() == 3);
  CHECK(rig.stored() == 0);
}

TEST_CASE_TEMPLATE("deletion: what an ended process left is removed in the background", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  LongRig rig;
  rig.hide_long();
  rig.files.options.upkeep = Upkeep::kBesideCalls;
  const auto repo = rig.files.make<Repo>();
  repo->open();
  spin_until([&] { return rig.remembered() == 0; });
  CHECK(rig.stored() == 1);
}

TEST_CASE_TEMPLATE("deletion: who has no time to remove is told that it is deleted, the rest goes later",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  LongRig rig;
  ClockMover mover;
  rig.files.options.search.enabled = false;
  rig.files.options.upkeep = Upkeep::kBesideCalls;
  Repo repo(rig.files.options, {mover.clock, mover, 7});
  repo.open();
  spin_until(
      [&] { return repo.stats().read_acquisitions == 2; });  // the background has looked, and found nothing
  mover.armed = true;
  CHECK(repo.delete_conversation(kLong));
  CHECK(repo.events({kLong}).empty());
  mover.armed = false;
  spin_until([&] {
    mover.clock.advance(1s);
    return rig.remembered() == 0;
  });
  CHECK(rig.stored() == 1);
}
