#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "repositories/calls.h"
#include "repositories/exact_clock.h"
#include "support/manual_clock.h"
#include "support/threads.h"
#include "weir/repositories/slot_queue.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::Duration;
using weir::repositories::Operation;
using weir::repositories::SlotQueue;
using weir::testing::call_now;
using weir::testing::ExactClock;
using weir::testing::failure_of;
using weir::testing::ManualClock;
using weir::testing::spin_until;
using weir::testing::Threads;

/// Lends the only slot, gives it back as failed, and returns how long it is kept back.
Duration fail_once(SlotQueue& queue, ManualClock& clock) {
  const auto grant = queue.acquire(call_now(clock), 0);
  CHECK_FALSE(grant.is_open);
  queue.release_failed(grant.slot, "no such folder");
  const Duration kept_back = *queue.next_retry() - clock.now();
  clock.advance(kept_back);
  return kept_back;
}

}  // namespace

TEST_CASE("slot queue: a failed slot is kept back for 10, 20, 40 ms and so on up to 5 s") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  std::vector<Duration> delays;
  for (int i = 0; i < 12; ++i) delays.push_back(fail_once(queue, clock));
  CHECK(delays ==
        std::vector<Duration>{10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1280ms, 2560ms, 5s, 5s, 5s});
}

TEST_CASE("slot queue: failures are counted in a row, so one that is open or emptied begins at 10 ms again") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)fail_once(queue, clock);
  (void)fail_once(queue, clock);
  queue.release_empty(queue.acquire(call_now(clock), 0).slot);
  CHECK(fail_once(queue, clock) == 10ms);
  queue.release_open(queue.acquire(call_now(clock), 0).slot);
  queue.release_empty(queue.acquire(call_now(clock), 0).slot);
  CHECK(fail_once(queue, clock) == 10ms);
}

TEST_CASE("slot queue: what broke in use may be opened at once, is told as the cause, and begins at 10 ms") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)fail_once(queue, clock);
  (void)fail_once(queue, clock);
  queue.release_broken(queue.acquire(call_now(clock), 0).slot);
  CHECK(queue.state().failed == 1);
  CHECK(*queue.next_retry() == clock.now());
  CHECK(fail_once(queue, clock) == 10ms);
}

TEST_CASE("slot queue: a failed slot is lent to nobody before it is due, and to the first caller then") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  queue.release_failed(queue.acquire(call_now(clock), 0).slot, "no such folder");
  clock.advance(9ms);
  CHECK(failure_of([&] { (void)queue.acquire(call_now(clock, 0s), 1); }).starts_with("timeout:"));
  clock.advance(1ms);
  CHECK_FALSE(queue.acquire(call_now(clock, 0s), 1).is_open);
}

TEST_CASE("slot queue: who times out while a slot failed is told the cause, and nobody is after it opened") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  const auto timeout = [&] { return failure_of([&] { (void)queue.acquire(call_now(clock, 0s), 1); }); };
  queue.release_failed(queue.acquire(call_now(clock), 0).slot, "no such folder");
  CHECK(timeout().ends_with(
      "in use 0, failed 1, waiting 1; held by: nobody; the last failure: no such folder"));
  clock.advance(10ms);
  (void)queue.acquire(call_now(clock, 1h, Operation::kOpen), 0);
  CHECK(
      timeout().ends_with("in use 1, failed 0, waiting 1; held by: open for 0 ms; "
                          "the last failure: no such folder"));
  queue.release_open(0);
  (void)queue.acquire(call_now(clock), 0);
  CHECK(timeout().ends_with("held by: events for 0 ms"));
}

TEST_CASE("slot queue: take_failed lends each slot that was due by then once, though it fails again") {
  ManualClock clock;
  SlotQueue queue("pool", 3, clock);
  for (int i = 0; i < 3; ++i) (void)queue.acquire(call_now(clock), 0);
  for (std::size_t slot = 0; slot < 3; ++slot) queue.release_failed(slot, "no such folder");
  CHECK_FALSE(queue.take_failed(Operation::kHealthCheck, clock.now()));
  clock.advance(10ms);
  const auto due_by = clock.now();
  std::vector<std::size_t> taken;
  while (const auto slot = queue.take_failed(Operation::kHealthCheck, due_by)) {
    taken.push_back(*slot);
    clock.advance(1h);  // opening takes longer than the longest wait for a retry
    queue.release_failed(*slot, "no such folder");
  }
  CHECK(taken == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("slot queue: next_retry is the earliest of all failed slots, and absent when none failed") {
  ManualClock clock;
  SlotQueue queue("pool", 2, clock);
  CHECK_FALSE(queue.next_retry());
  for (int i = 0; i < 2; ++i) (void)queue.acquire(call_now(clock), 0);
  queue.release_failed(1, "no such folder");
  const auto first = clock.now() + 10ms;
  clock.advance(5ms);
  queue.release_failed(0, "no such folder");
  CHECK(queue.next_retry() == first);
}

// main    holds the slot ............. gives it back as failed
// first          waits for an hour     is woken, waits until the retry is due
TEST_CASE("slot queue: the first waiter is woken to watch for the retry when a slot fails") {
  ExactClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)queue.acquire(call_now(clock), 0);
  Threads threads;
  threads.start([&] { queue.release_open(queue.acquire(call_now(clock), 9).slot); });
  spin_until([&] { return clock.latest_wait() == clock.now() + 1h; });
  queue.release_failed(0, "no such folder");
  spin_until([&] { return clock.latest_wait() == clock.now() + 10ms; });
  clock.advance(10ms);
}

// main    holds the slot ............................... lets 5 ms pass, gives it back as failed
// first          waits for 5 ms                                          is woken, times out
// second                          waits for an hour .................... becomes the first, waits until the
// retry is due
TEST_CASE("slot queue: whoever becomes the first waiter is woken to watch for the retry") {
  ExactClock clock;
  SlotQueue queue("pool", 1, clock);
  (void)queue.acquire(call_now(clock), 0);
  Threads threads;
  std::string outcome;
  threads.start([&] { outcome = failure_of([&] { (void)queue.acquire(call_now(clock, 5ms), 9); }); });
  spin_until([&] { return clock.latest_wait() == clock.now() + 5ms; });
  threads.start([&] { queue.release_open(queue.acquire(call_now(clock), 9).slot); });
  spin_until([&] { return clock.latest_wait() == clock.now() + 1h; });
  clock.close_gate();
  clock.advance(5ms);
  queue.release_failed(0, "no such folder");
  clock.open_gate();
  spin_until([&] { return clock.latest_wait() == clock.now() + 10ms; });
  clock.advance(10ms);
  threads.join();
  CHECK(outcome.find("in place 1") != std::string::npos);
}
