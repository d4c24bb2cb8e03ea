// What comes between a plan and its transactions, and what a reader sees between two of them.

#include "weir/repositories/sqlite/retention_pass.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "sqlite/retention_model.h"
#include "support/counting_observer.h"
#include "support/repository_rig.h"
#include "weir/repositories/sqlite/transaction.h"

using namespace weir::history;
using namespace weir::repositories::sqlite;
using namespace weir::testing;

namespace {

const ConversationId kConversation("c");

/// A pass whose reads and transactions a test interrupts.
///
/// Between them others write through the repository; within one they cannot, for it has the write lock.
template <class Repo>
struct PassRig {
  PassRig() { repo->open(); }

  RetentionPass::Outcome run(RetentionPolicy policy, std::int64_t limit) {
    const RetentionRule rule{
        {.policy = policy, .max_tokens_per_conversation = limit, .max_messages_per_conversation = limit}, {}};
    Connection connection(files.options.path, ConnectionRole::kOnly, files.options.sqlite, files.clock);
    RetentionPass pass(rule, {files.clock, observer, 1},
                       {.read = [&](RetentionPass::Work work) { work(connection); },
                        .write =
                            [&](RetentionPass::Work work) {
                              before_write();
                              WriteTransaction transaction(connection);
                              work(connection);
                              transaction.commit();
                              after_write();
                            },
                        .may_go_on = [] { return true; }});
    pass.run(std::nullopt);
    return pass.outcome();
  }

  void say(int count) {
    repo->add_events(std::vector<NewEvent>(static_cast<std::size_t>(count), user_says("c", "x")));
  }
  void add(EventType type, const std::string& call) {
    NewEvent event{kConversation, type};
    event.tool_call_id = ToolCallId(call);
    repo->add_event(event);
  }
  std::vector<Event> left() { return repo->events({kConversation}); }

  RepositoryRig files;
  CountingObserver observer;
  std::unique_ptr<Repo> repo = files.make<Repo>();
  std::function<void()> before_write = [] {};
  std::function<void()> after_write = [] {};
};

/// Does `action` the first time it is called.
std::function<void()> once(std::function<void()> action) {
  return [action, is_done = false]() mutable {
    if (!std::exchange(is_done, true)) action();
  };
}

}  // namespace

//   retention       others
//   plans: 8 go
//                   append
//   deletes 8
TEST_CASE_TEMPLATE("retention pass: an append after the plan does not hold it up", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  PassRig<Repo> rig;
  rig.say(10);
  rig.before_write = once([&] { rig.say(1); });
  // What the append makes surplus goes by the plan that is made to see whether anything is left.
  CHECK(rig.run(RetentionPolicy::kMessageCount, 2).deleted == 9);
  CHECK(rig.observer.most_deleted_at_once == 8);
  CHECK(rig.left().front().seq == 10);
}

//   retention       others
//   plans: 8 go
//                   remove the last
//   sees that, plans anew: 7 go
TEST_CASE_TEMPLATE("retention pass: when the last message was removed a new plan is made", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  PassRig<Repo> rig;
  rig.say(10);
  rig.before_write = once([&] { rig.repo->remove_last_event(kConversation); });
  CHECK(rig.run(RetentionPolicy::kMessageCount, 2).deleted == 7);
  CHECK(rig.left().size() == 2);
}

TEST_CASE_TEMPLATE("retention pass: the last event is not taken for another that was given its number", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  PassRig<Repo> rig;
  rig.say(10);
  rig.before_write = once([&] {
    rig.repo->remove_last_event(kConversation);
    rig.repo->add_event({kConversation, EventType::kMeta});
  });
  CHECK(rig.run(RetentionPolicy::kMessageCount, 2).deleted == 7);
}

TEST_CASE_TEMPLATE("retention pass: a conversation is not taken for another that was given its number", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  PassRig<Repo> rig;
  rig.say(10);
  rig.before_write = once([&] {
    rig.repo->delete_conversation(kConversation);
    rig.say(10);
  });
  CHECK(rig.run(RetentionPolicy::kMessageCount, 4).deleted == 0);
  CHECK(rig.left().size() == 10);
}

//   retention                       others
//   plans: the call goes, for it has no result
//                                   append its result
//   sees that, plans anew: both go
TEST_CASE_TEMPLATE("retention pass: a result that comes after the plan goes with its call", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  PassRig<Repo> rig;
  rig.say(1);
  rig.add(EventType::kToolCall, "a");
  rig.say(2);
  rig.before_write = once([&] { rig.add(EventType::kToolResult, "a"); });
  CHECK(rig.run(RetentionPolicy::kMessageCount, 1).deleted == 5);
  CHECK(rig.left().empty());
}

TEST_CASE_TEMPLATE("retention pass: a conversation whose end never stays is left to the next pass", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  PassRig<Repo> rig;
  rig.say(10);
  CHECK(rig.run(RetentionPolicy::kMessageCount, 10).done_to);
  rig.before_write = [&] {
    rig.repo->remove_last_event(kConversation);
    rig.say(1);
  };
  const auto outcome = rig.run(RetentionPolicy::kMessageCount, 2);
  CHECK(outcome.deleted == 0);
  CHECK_FALSE(outcome.done_to);
}

TEST_CASE_TEMPLATE("retention pass: a step is small, even where a result is far behind its call", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  PassRig<Repo> rig;
  rig.say(300);
  rig.add(EventType::kToolCall, "a");
  rig.say(5'000);
  rig.add(EventType::kToolResult, "a");
  rig.say(1);
  rig.after_write = [&] {
    const auto left = rig.left();
    CHECK(std::ranges::count(left, EventType::kToolCall, &Event::type) ==
          std::ranges::count(left, EventType::kToolResult, &Event::type));
  };
  CHECK(rig.run(RetentionPolicy::kMessageCount, 1).deleted == 5'302);
  CHECK(rig.observer.most_deleted_at_once == 200);
  CHECK(rig.left().size() == 1);
}

TEST_CASE("retention pass: between any two transactions no call is without its result, nor the other way") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    PassRig<PooledSqlRepo> rig;
    RandomConversation random(seed);
    rig.repo->add_events(random.events(kConversation, static_cast<std::size_t>(300 + random.below(600)), {}));
    const auto before = rig.left();
    const auto pairs = tool_pairs_of(before);
    rig.after_write = [&] {
      std::set<Seq> left;
      for (const Event& event : rig.left()) left.insert(event.seq);
      const auto torn = std::ranges::count_if(pairs, [&](const auto& pair) {
        return left.contains(before[pair.first].seq) != left.contains(before[pair.second].seq);
      });
      CHECK(torn == 0);
    };
    const std::int64_t limit = random.below(60) + 1;
    const auto outcome = rig.run(RetentionPolicy::kMessageCount, limit);
    const RetentionOptions policy{.policy = RetentionPolicy::kMessageCount,
                                  .max_messages_per_conversation = limit};
    CHECK(outcome.deleted == static_cast<std::int64_t>(events_that_go(before, policy, {})));
  }
}
