// What each policy keeps and lets go, on both repositories.

#include <doctest/doctest.h>

#include <array>
#include <numeric>

#include "sqlite/retention_model.h"
#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/environment_number.h"
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

using Seqs = std::vector<Seq>;

RetentionOptions messages(std::int64_t count) {
  return {.policy = RetentionPolicy::kMessageCount, .max_messages_per_conversation = count};
}
RetentionOptions tokens(std::int64_t count) {
  return {.policy = RetentionPolicy::kTokenLimit, .max_tokens_per_conversation = count};
}
RetentionOptions days(std::int64_t count) {
  return {.policy = RetentionPolicy::kTimeBased, .retention_days = count};
}

/// A repository with a conversation `c` and a clock that a test moves.
template <class Repo>
struct RetentionRig {
  Timestamp now() { return std::chrono::floor<std::chrono::microseconds>(clock.wall_now()); }

  void add(NewEvent event) { repo->add_event(event); }
  void add(EventType type, const std::optional<std::string>& tool_call = std::nullopt) {
    NewEvent event{ConversationId("c"), type};
    if (tool_call) event.tool_call_id = ToolCallId(*tool_call);
    add(event);
  }
  void say(int count) {
    for (int i = 0; i < count; ++i) add(user_says("c", "four bytes a token"));
  }

  Seqs left() {
    Seqs seqs;
    for (const Event& event : repo->events({ConversationId("c")})) seqs.push_back(event.seq);
    return seqs;
  }

  RepositoryRig files;
  const CapturedLog log;
  ManualClock clock;
  CountingObserver observer;
  weir::repositories::sqlite::RepositoryOptions options{.path = files.options.path};
  std::unique_ptr<Repo> repo =
      std::make_unique<Repo>(options, weir::repositories::sqlite::Environment{clock, observer, 1});
};

/// The numbers from `first` to `last`.
Seqs from_to(Seq first, Seq last) {
  Seqs seqs(static_cast<std::size_t>(last - first + 1));
  std::iota(seqs.begin(), seqs.end(), first);
  return seqs;
}

}  // namespace

TEST_CASE_TEMPLATE("retention: unlimited deletes nothing", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.say(3);
  CHECK(rig.repo->apply_retention({}) == 0);
  CHECK(rig.left() == from_to(1, 3));
}

TEST_CASE_TEMPLATE("retention: of messages the last stay, and what stands between two goes with the earlier",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.add(EventType::kSystemUpdate);
  rig.say(1);
  rig.add(EventType::kMeta);
  rig.say(2);
  rig.add(EventType::kMeta);
  CHECK(rig.repo->apply_retention(messages(3)) == 0);
  CHECK(rig.repo->apply_retention(messages(2)) == 3);
  CHECK(rig.left() == from_to(4, 6));
  CHECK(rig.repo->apply_retention(messages(2)) == 0);
  const auto conversation = rig.repo->find_conversation(ConversationId("c"));
  CHECK(conversation->event_count == 3);
  CHECK(conversation->last_seq == 6);
}

TEST_CASE_TEMPLATE("retention: of tokens the longest run of recent events that fits stays", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  for (const std::int64_t count : {5, 1, 0, 4, 2}) {
    NewEvent event = user_says("c", "x");
    event.token_count = count;
    rig.add(event);
  }
  CHECK(rig.repo->apply_retention(tokens(12)) == 0);
  CHECK(rig.repo->apply_retention(tokens(6)) == 2);
  CHECK(rig.left() == from_to(3, 5));
  CHECK(rig.repo->apply_retention(tokens(5)) == 2);
  CHECK(rig.left() == from_to(5, 5));
}

TEST_CASE_TEMPLATE("retention: by time the old go as long as no younger one stands before them", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  for (const int hours_old : {49, 48, 47, 60}) {
    NewEvent event = user_says("c", "x");
    event.timestamp = rig.now() - std::chrono::hours(hours_old);
    rig.add(event);
  }
  CHECK(rig.repo->apply_retention(days(2)) == 1);
  CHECK(rig.left() == from_to(2, 4));
  rig.clock.advance(1us);
  CHECK(rig.repo->apply_retention(days(2)) == 1);
  rig.clock.advance(24h);
  CHECK(rig.repo->apply_retention(days(2)) == 2);
  CHECK(rig.repo->apply_retention(days(2)) == 0);
}

TEST_CASE_TEMPLATE("retention: a conversation that was emptied is there, and goes on from its last number",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.say(4);
  CHECK(rig.repo->apply_retention(tokens(1)) == 4);
  CHECK(rig.left().empty());
  CHECK(rig.repo->find_conversation(ConversationId("c"))->event_count == 0);
  CHECK_FALSE(rig.repo->remove_last_event(ConversationId("c")));
  CHECK(rig.repo->add_event(user_says("c", "x")).event.seq == 5);
  CHECK(rig.left() == from_to(5, 5));
}

TEST_CASE_TEMPLATE("retention: a limit lets a result go with its call, age keeps the call with its result",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.say(1);
  rig.add(EventType::kToolCall, "a");
  rig.say(1);
  rig.clock.advance(50h);
  rig.say(1);
  rig.add(EventType::kToolResult, "a");
  rig.say(1);
  CHECK(rig.repo->apply_retention(days(2)) == 1);
  CHECK(rig.left() == from_to(2, 6));
  CHECK(rig.repo->apply_retention(messages(2)) == 4);
  CHECK(rig.left() == from_to(6, 6));
}

TEST_CASE_TEMPLATE("retention: results that follow each other go with the call that they all answer", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  const auto add = [&](EventType type) {
    NewEvent event{ConversationId("c"), type};
    event.tool_call_id = ToolCallId("a");
    event.token_count = 1;
    rig.add(event);
  };
  add(EventType::kToolCall);
  add(EventType::kToolResult);
  add(EventType::kToolResult);
  add(EventType::kToolResult);
  add(EventType::kMeta);
  CHECK(rig.repo->apply_retention(tokens(3)) == 4);
  CHECK(rig.left() == from_to(5, 5));
}

TEST_CASE_TEMPLATE("retention: random conversations keep what the policy says, and no pair is torn", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  const int rounds = environment_number("WEIR_RETENTION_ROUNDS", 150);
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    const ConversationId conversation("c" + std::to_string(round));
    RandomConversation random(static_cast<std::uint64_t>(round));
    const auto count = static_cast<std::size_t>(random.below(40) + 1);
    rig.repo->add_events(random.events(conversation, count, rig.now()));
    const auto before = rig.repo->events({conversation});
    const auto policy = std::array{messages(random.below(12) + 1), tokens(random.below(120) + 1),
                                   days(random.below(100) + 1)}[static_cast<std::size_t>(round) % 3];
    const std::size_t go = events_that_go(before, policy, rig.now());
    CHECK(rig.repo->apply_retention(policy) >= static_cast<std::int64_t>(go));
    const auto after = rig.repo->events({conversation});
    CHECK(after == std::vector<Event>(before.begin() + static_cast<std::ptrdiff_t>(go), before.end()));
    CHECK(rig.repo->find_conversation(conversation)->event_count == static_cast<std::int64_t>(after.size()));
  }
}

TEST_CASE_TEMPLATE("retention: all conversations are gone through, in more than one portion", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  std::vector<NewEvent> events;
  for (int i = 0; i < 1100; ++i) {
    events.push_back(user_says("c" + std::to_string(i % 550), "x"));
  }
  rig.repo->add_events(events);
  CHECK(rig.repo->apply_retention(messages(1)) == 550);
  CHECK(rig.log.lines() ==
        std::vector<std::string>{
            "info: retention: message_count deleted 550 events of 550 conversations in 0.000 s"});
}

TEST_CASE_TEMPLATE("retention: it goes in small transactions, each of which is counted", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.repo->add_events(std::vector<NewEvent>(9'001, user_says("c", "x")));
  const std::size_t leases = rig.observer.released;
  CHECK(rig.repo->apply_retention(messages(1)) == 9'000);
  CHECK(rig.left() == from_to(9'001, 9'001));
  CHECK(rig.observer.deleted == 9'000);
  CHECK(rig.observer.most_deleted_at_once == 200);
  CHECK(rig.observer.released - leases >= 45);
}

TEST_CASE_TEMPLATE("retention: at its deadline it says what it has done, and keeps it", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.repo->add_events(std::vector<NewEvent>(1'000, user_says("c", "x")));
  rig.observer.on_deleted = [&] {
    if (rig.observer.deleted >= 400) rig.clock.advance(2s);
  };
  CHECK(rig.repo->apply_retention(messages(1), {.timeout = 1s}) == 400);
  CHECK(rig.left() == from_to(401, 1'000));
}

TEST_CASE_TEMPLATE("retention: summaries of what was deleted go, the others stay", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.say(6);
  const auto events = rig.repo->events({ConversationId("c")});
  for (const std::size_t first : {0, 2, 4}) {
    NewSummary made{.first_event = events[first].id, .last_event = events[first + 1].id};
    made.summary.first_seq = events[first].seq;
    made.summary.last_seq = events[first + 1].seq;
    made.summary.message_count = 2;
    made.summary.text = "said";
    REQUIRE(rig.repo->store_summary(ConversationId("c"), made));
  }
  CHECK(rig.repo->apply_retention(messages(3)) == 3);
  const auto left = rig.repo->summaries(ConversationId("c"));
  REQUIRE(left.size() == 1);
  CHECK(left.front().first_seq == 5);
}

TEST_CASE_TEMPLATE("retention: appends go on meanwhile, dense, and none of them is lost", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  const int rounds = environment_number("WEIR_SCENARIO_ROUNDS", 20);
  for (int round = 0; round < rounds; ++round) {
    RepositoryRig files;
    const CapturedLog log;
    const auto repo = files.make<Repo>();
    const ConversationId conversation("c");
    repo->add_events(std::vector<NewEvent>(500, user_says("c", "x")));
    std::atomic<std::int64_t> deleted{0};
    std::atomic<int> misnumbered{0};
    run_at_once(4, [&](std::size_t thread) {
      if (thread < 2) {
        for (int i = 0; i < 3; ++i) deleted += repo->apply_retention(messages(50));
        return;
      }
      Seq last = 0;
      for (int i = 0; i < 20; ++i) {
        const Seq seq = repo->add_event(user_says("c", "x")).event.seq;
        if (seq <= std::exchange(last, seq)) ++misnumbered;
      }
    });
    deleted += repo->apply_retention(messages(50));
    CHECK(misnumbered == 0);
    CHECK(deleted == 490);
    const auto left = repo->events({conversation});
    REQUIRE(left.size() == 50);
    CHECK(left.front().seq == 491);
    CHECK(left.back().seq == 540);
  }
}

TEST_CASE_TEMPLATE("retention: in the background it is applied at once, and again after each interval", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.say(5);
  rig.options.retention = messages(2);
  rig.repo = std::make_unique<Repo>(rig.options,
                                    weir::repositories::sqlite::Environment{rig.clock, rig.observer, 2});
  rig.repo->open();
  spin_until([&] { return rig.left() == from_to(4, 5); });
  for (Seq last = 6; last < 9; ++last) {
    rig.say(1);
    rig.clock.advance(299s);
    CHECK(rig.left().size() == 3);
    rig.clock.advance(1s);
    spin_until([&] { return rig.left() == from_to(last - 1, last); });
  }
}

TEST_CASE_TEMPLATE("retention: a conversation that ends the count of activity may be deleted between passes",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RetentionRig<Repo> rig;
  rig.say(1);
  for (int i = 0; i < 10; ++i) rig.add(user_says("busy", "x"));
  rig.options.retention = messages(2);
  rig.repo = std::make_unique<Repo>(rig.options,
                                    weir::repositories::sqlite::Environment{rig.clock, rig.observer, 2});
  rig.repo->open();
  spin_until([&] { return rig.observer.deleted == 8; });
  rig.repo->delete_conversation(ConversationId("busy"));
  rig.say(3);
  rig.clock.advance(300s);
  spin_until([&] { return rig.left() == from_to(3, 4); });
}
