#include "weir/repositories/slot_queue.h"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

#include "repositories/calls.h"
#include "repositories/gated_clock.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::Operation;
using weir::repositories::SlotQueue;
using weir::repositories::SystemClock;
using weir::testing::call_now;
using weir::testing::failure_of;
using weir::testing::GatedClock;
using weir::testing::ManualClock;
using weir::testing::spin_until;
using weir::testing::Threads;

constexpr std::size_t kManyWaiters = 2'000;

void spin_until_waiting(const SlotQueue& queue, std::size_t waiters) {
  spin_until([&] { return queue.state().waiters == waiters; });
}

}  // namespace

TEST_CASE("slot queue: an empty slot is lent as one to be opened, a returned one as open") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  const auto first = queue.acquire(call_now(clock), 0);
  CHECK_FALSE(first.is_open);
  queue.release_open(first.slot);
  CHECK(queue.acquire(call_now(clock), 0).is_open);
  queue.release_empty(first.slot);
  CHECK_FALSE(queue.acquire(call_now(clock), 0).is_open);
}

TEST_CASE("slot queue: the slot that came back last is lent first, before any empty one") {
  ManualClock clock;
  SlotQueue queue("pool", 4, clock);
  for (int i = 0; i < 3; ++i) (void)queue.acquire(call_now(clock), 0);
  for (const std::size_t slot : {1U, 2U, 0U}) queue.release_open(slot);
  std::vector<std::size_t> lent;
  for (int i = 0; i < 4; ++i) lent.push_back(queue.acquire(call_now(clock), 0).slot);
  CHECK(lent == std::vector<std::size_t>{0, 2, 1, 3});
}

TEST_CASE("slot queue: a free slot is lent even when the deadline is already past") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  CHECK(queue.acquire(call_now(clock, -5s), 0).slot == 0);
}

TEST_CASE("slot queue: the state counts every slot once") {
  ManualClock clock;
  SlotQueue queue("pool", 5, clock);
  for (int i = 0; i < 4; ++i) (void)queue.acquire(call_now(clock), 0);
  queue.release_open(0);
  queue.release_empty(1);
  queue.release_failed(2, "no");
  const auto state = queue.state();
  CHECK(state.max == 5);
  CHECK(state.idle == 1);
  CHECK(state.in_use == 1);
  CHECK(state.failed == 1);
  CHECK(state.available == 3);
  CHECK(state.waiters == 0);
}

TEST_CASE("slot queue: a slot given back says how long it was held, and a grant how long it was waited for") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  const auto early = call_now(clock);
  clock.advance(30ms);
  CHECK(queue.acquire(early, 0).waited == 30ms);
  clock.advance(70ms);
  CHECK(queue.release_open(0) == 70ms);
}

// main     holds the slot ......................... releases
// thread i        waits, once i others do                 is granted, notes i, releases to i + 1
TEST_CASE("slot queue: a thousand waiters are served in order of arrival") {
  SystemClock clock;
  SlotQueue queue("pool", 1, clock);
  std::vector<std::size_t> served;  // guarded by the slot
  Threads threads;
  (void)queue.acquire(call_now(clock), 0);
  for (std::size_t i = 0; i < 1'000; ++i) {
    threads.start([&, i] {
      const auto grant = queue.acquire(call_now(clock), kManyWaiters);
      served.push_back(i);
      queue.release_open(grant.slot);
    });
    spin_until_waiting(queue, i + 1);
  }
  queue.release_open(0);
  threads.join();
  std::vector<std::size_t> expected(1'000);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  CHECK(served == expected);
}

// main      holds the slot ......... releases, asks again at once: refused   opens the gate
// waiter           waits (gated)     is granted, and cannot know it yet ...  goes on with the slot
TEST_CASE("slot queue: nobody overtakes a waiter that was granted a slot and has not woken yet") {
  GatedClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)queue.acquire(call_now(clock), 0);
  Threads threads;
  threads.start([&] { queue.release_open(queue.acquire(call_now(clock), 1).slot); });
  spin_until_waiting(queue, 1);
  queue.release_open(0);
  CHECK(failure_of([&] { (void)queue.acquire(call_now(clock, 0s), 1); }).starts_with("timeout:"));
  clock.open_gate();
  threads.join();
  CHECK(queue.state().idle == 1);
}

// main      holds the slot ......... releases   lets the deadline pass, opens the gate
// waiter           waits (gated)     is granted .....................  sees both at once
TEST_CASE("slot queue: a waiter keeps what it was granted though its deadline has passed by then") {
  GatedClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)queue.acquire(call_now(clock), 0);
  std::string outcome;
  Threads threads;
  threads.start([&] { outcome = failure_of([&] { (void)queue.acquire(call_now(clock, 10ms), 1); }); });
  spin_until_waiting(queue, 1);
  queue.release_open(0);
  clock.advance(1h);
  clock.open_gate();
  threads.join();
  CHECK(outcome == "no error");
  CHECK(queue.state().in_use == 1);
}

// main      holds the slot .................................. lends it again
// early          has arrived ............. waits, before late
// late                         waits
TEST_CASE("slot queue: a caller that arrived earlier and comes back waits in its own place") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)queue.acquire(call_now(clock), 0);
  const auto early = call_now(clock);
  clock.advance(1ms);
  std::vector<std::string> served;  // guarded by the slot
  Threads threads;
  const auto serve = [&](const weir::repositories::Call& call, const std::string& name) {
    (void)queue.acquire(call, kManyWaiters);
    served.push_back(name);
    queue.release_open(0);
  };
  threads.start([&] { serve(call_now(clock), "late"); });
  spin_until_waiting(queue, 1);
  threads.start([&] { serve(early, "early"); });
  spin_until_waiting(queue, 2);
  queue.release_open(0);
  threads.join();
  CHECK(served == std::vector<std::string>{"early", "late"});
}

TEST_CASE("slot queue: a timeout names limits, counts, the wait, the place and each of eight holders") {
  ManualClock clock;
  SlotQueue queue("the read pool of history.db", 8, clock);
  for (const Operation operation :
       {Operation::kEvents, Operation::kExists, Operation::kFindEvent, Operation::kFindByRequest,
        Operation::kListConversations, Operation::kLastAssistantReply, Operation::kRecentWithinTokens,
        Operation::kHealthCheck}) {
    (void)queue.acquire(call_now(clock, 1h, operation), 0);
    clock.advance(100ms);
  }
  const auto call = call_now(clock, -1ms, Operation::kFindEvent);
  clock.advance(30s);
  CHECK(failure_of([&] { (void)queue.acquire(call, 1); }) ==
        "timeout: the read pool of history.db: find_event waited 30000 ms in place 1 and timed out; "
        "max 8, idle 0, in use 8, failed 0, waiting 1; held by: events for 30800 ms, exists for 30700 ms, "
        "find_event for 30600 ms, find_by_request for 30500 ms, list_conversations for 30400 ms, "
        "last_assistant_reply for 30300 ms, recent_within_tokens for 30200 ms, health_check for 30100 ms");
}

// main      holds the slot .................................... moves the clock by 200 ms
// first            waits for an hour ..........................................................
// second                    waits for an hour .................................................
// third                               waits for 100 ms ........ times out, in place 3
TEST_CASE("slot queue: a timeout names the place, and those behind and before it stay where they were") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)queue.acquire(call_now(clock), 0);
  Threads threads;
  std::string outcome;
  for (std::size_t i = 1; i <= 2; ++i) {
    threads.start([&] { queue.release_open(queue.acquire(call_now(clock), 9).slot); });
    spin_until_waiting(queue, i);
  }
  threads.start([&] { outcome = failure_of([&] { (void)queue.acquire(call_now(clock, 100ms), 9); }); });
  spin_until_waiting(queue, 3);
  clock.advance(200ms);
  spin_until_waiting(queue, 2);
  queue.release_open(0);
  threads.join();
  CHECK(outcome.find("waited 200 ms in place 3 and timed out") != std::string::npos);
  CHECK(outcome.find("waiting 3;") != std::string::npos);
}

TEST_CASE("slot queue: a full queue refuses at once and says how full it is") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)queue.acquire(call_now(clock, 1h, Operation::kAddEvent), 0);
  Threads threads;
  threads.start([&] { queue.release_open(queue.acquire(call_now(clock), 1).slot); });
  spin_until_waiting(queue, 1);
  clock.advance(7ms);
  CHECK(
      failure_of([&] { (void)queue.acquire(call_now(clock), 1); }) ==
      "overloaded: pool: 1 callers wait already, no more may; max 1, idle 0, in use 1, failed 0, waiting 1; "
      "held by: add_event for 7 ms");
  queue.release_open(0);
}
