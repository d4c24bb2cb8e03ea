// What Order::kWarm bends, holding the queue, and Prefer::kColdest.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <list>
#include <string>
#include <vector>

#include "repositories/calls.h"
#include "repositories/exact_clock.h"
#include "support/threads.h"
#include "weir/repositories/slot_queue.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::Call;
using weir::repositories::Clock;
using weir::repositories::Duration;
using weir::repositories::Operation;
using weir::repositories::SlotQueue;
using weir::repositories::TimePoint;
using weir::testing::call_now;
using weir::testing::ExactClock;
using weir::testing::failure_of;
using weir::testing::spin_until;
using weir::testing::Threads;

using Order = SlotQueue::Order;
using Prefer = SlotQueue::Prefer;

constexpr std::size_t kMany = 100;
constexpr Duration kPatience = SlotQueue::kPatience;
constexpr std::array<Order, 2> kOrders = {Order::kStrict, Order::kWarm};

/// A clock for one caller alone: it moves on whenever somebody looks, and a wait lasts as long as it was to.
class TickingClock final : public Clock {
 public:
  TimePoint now() const override { return now_ += 1ns; }
  std::chrono::system_clock::time_point wall_now() const override { return {}; }
  void wait_until(std::condition_variable&, std::unique_lock<std::mutex>&, TimePoint deadline) override {
    now_ = std::max(now_, deadline);
  }
  void sleep_until(TimePoint deadline) override { now_ = std::max(now_, deadline); }

 private:
  mutable TimePoint now_{1h};
};

/// A queue whose slots are all lent to the test, and callers that wait for them.
class Rig {
 public:
  Rig(std::size_t slots, Order order) : queue("pool", slots, clock, order) {
    for (std::size_t i = 0; i < slots; ++i) (void)queue.acquire(call_now(clock), 0);
  }

  /// A caller who keeps what it is given; it waits when this returns. How it did is to be read after join().
  const std::string& wait(const Call& call) {
    const std::size_t already = queue.state().waiters;
    std::string& outcome = outcomes_.emplace_back();
    threads_.start(
        [this, &outcome, call] { outcome = failure_of([&] { (void)queue.acquire(call, kMany); }); });
    spin_until([&] { return queue.state().waiters == already + 1; });
    return outcome;
  }
  const std::string& wait(Duration patience = 1h) { return wait(call_now(clock, patience)); }

  /// Whether somebody who comes now and cannot wait gets a slot.
  bool serves_newcomer() {
    return failure_of([&] { (void)queue.acquire(call_now(clock, 0s), kMany); }) == "no error";
  }

  void join() { threads_.join(); }

  ExactClock clock;
  SlotQueue queue;

 private:
  std::list<std::string> outcomes_;
  Threads threads_;
};

}  // namespace

// main      holds the slot ........ releases       acquires, releases ... asks again: refused    opens the
// gate waiter           waits (at the gate)  0 ms                        5 ms                         takes
// the slot
TEST_CASE("warm slot queue: until the first waiter's patience ends others may overtake it, and not after") {
  Rig rig(1, Order::kWarm);
  const std::string& waiter = rig.wait();
  rig.clock.close_gate();
  rig.queue.release_open(0);
  rig.clock.advance(kPatience - 1ns);
  CHECK(rig.queue.state().idle == 1);
  CHECK(rig.serves_newcomer());
  rig.queue.release_open(0);
  rig.clock.advance(1ns);
  CHECK_FALSE(rig.serves_newcomer());
  rig.clock.open_gate();
  rig.join();
  CHECK(waiter == "no error");
}

TEST_CASE("warm slot queue: patience is counted from when a caller began to wait, not from when it arrived") {
  Rig rig(1, Order::kWarm);
  const Call early = call_now(rig.clock);
  rig.clock.advance(1min);
  const std::string& waiter = rig.wait(early);
  rig.clock.close_gate();
  rig.queue.release_open(0);
  CHECK(rig.serves_newcomer());
  rig.clock.open_gate();
  rig.queue.release_open(0);
  rig.clock.advance(kPatience);
  rig.join();
  CHECK(waiter == "no error");
}

// main      holds the slot .............................. releases: handed over
// waiter           waits ........... 5 ms, is not woken            goes on when the gate opens
TEST_CASE("warm slot queue: once its patience has ended a slot is handed over to the first waiter") {
  Rig rig(1, Order::kWarm);
  const std::string& waiter = rig.wait();
  rig.clock.advance(kPatience);
  rig.clock.close_gate();
  rig.queue.release_open(0);
  CHECK(rig.queue.state().in_use == 1);
  CHECK(rig.queue.state().waiters == 0);
  rig.clock.open_gate();
  rig.join();
  CHECK(waiter == "no error");
}

TEST_CASE("warm slot queue: the first waiter is woken when a slot comes free, and takes it") {
  Rig rig(1, Order::kWarm);
  const std::string& waiter = rig.wait();
  rig.queue.release_open(0);
  rig.join();
  CHECK(waiter == "no error");
}

// main      holds the slot ... releases   overtakes            releases ..... lets its patience end
// waiter           waits       is woken             in vain    is not woken   takes the slot
TEST_CASE("warm slot queue: woken in vain, the first waiter takes what is free when its patience ends") {
  Rig rig(1, Order::kWarm);
  const auto end_of_patience = rig.clock.now() + kPatience;
  const std::string& waiter = rig.wait();
  rig.clock.close_gate();
  rig.queue.release_open(0);
  spin_until([&] { return rig.clock.at_gate() == 1; });
  CHECK(rig.serves_newcomer());
  rig.clock.open_gate();
  spin_until([&] { return rig.clock.latest_wait() == end_of_patience; });
  rig.queue.release_open(0);
  CHECK(rig.queue.state().idle == 1);
  CHECK(rig.queue.state().waiters == 1);
  rig.clock.advance(kPatience);
  rig.join();
  CHECK(waiter == "no error");
}

// main      holds the slot ... overtakes, keeps it ............................... releases: handed over
// waiter           waits       is woken, in vain     its patience ends, in vain    goes on
TEST_CASE(
    "warm slot queue: whose patience ended in vain waits for its deadline, and is handed the next slot") {
  Rig rig(1, Order::kWarm);
  const auto deadline = rig.clock.now() + 1h;
  const auto end_of_patience = rig.clock.now() + kPatience;
  const std::string& waiter = rig.wait();
  rig.clock.close_gate();
  rig.queue.release_open(0);
  spin_until([&] { return rig.clock.at_gate() == 1; });
  CHECK(rig.serves_newcomer());
  rig.clock.open_gate();
  spin_until([&] { return rig.clock.latest_wait() == end_of_patience; });
  rig.clock.advance(kPatience);
  spin_until([&] { return rig.clock.latest_wait() == deadline; });
  rig.queue.release_open(0);
  rig.join();
  CHECK(waiter == "no error");
}

// main      holds the slot ............. releases          10 ms later, opens the gate
// first            waits for 1 ms        is woken          times out, passes the slot on
// second                   waits for 1 h                   is woken, takes it
TEST_CASE(
    "warm slot queue: a waiter that times out passes a free slot on, whether something stands in it or not") {
  for (const bool is_open : {true, false}) {
    CAPTURE(is_open);
    Rig rig(1, Order::kWarm);
    const std::string& first = rig.wait(1ms);
    const std::string& second = rig.wait();
    rig.clock.close_gate();
    if (is_open) {
      rig.queue.release_open(0);
    } else {
      rig.queue.release_empty(0);
    }
    rig.clock.advance(10ms);
    spin_until([&] { return rig.clock.at_gate() == 1; });
    rig.clock.open_gate();
    rig.join();
    CHECK(first.starts_with("timeout:"));
    CHECK(second == "no error");
  }
}

// main      holds both ............ releases both
// first            waits            is woken, takes one, wakes the next
// second                  waits                          is woken, takes the other
TEST_CASE("warm slot queue: slots that come free together go to as many waiters, opened or not") {
  for (const bool is_open : {true, false}) {
    CAPTURE(is_open);
    Rig rig(2, Order::kWarm);
    std::array<const std::string*, 2> waiters{};
    for (const std::string*& waiter : waiters) waiter = &rig.wait();
    rig.clock.close_gate();
    for (std::size_t slot = 0; slot < 2; ++slot) {
      if (is_open) {
        rig.queue.release_open(slot);
      } else {
        rig.queue.release_empty(slot);
      }
    }
    rig.clock.open_gate();
    rig.join();
    for (const std::string* waiter : waiters) CHECK(*waiter == "no error");
  }
}

// main      holds the slot .. releases   overtakes .......... opens the gate    releases            releases
// first            waits      is woken                        is second now                         is woken
// early                                           comes back to its own place   is woken, takes it
TEST_CASE("warm slot queue: a waiter that was woken in vain and then displaced is woken again") {
  Rig rig(1, Order::kWarm);
  const Call early_call = call_now(rig.clock, 2h);
  rig.clock.advance(1us);
  const std::string& first = rig.wait();
  rig.clock.close_gate();
  rig.queue.release_open(0);
  spin_until([&] { return rig.clock.at_gate() == 1; });
  CHECK(rig.serves_newcomer());
  const std::string& early = rig.wait(early_call);
  spin_until([&] { return rig.clock.latest_wait() == early_call.deadline; });
  const auto deadline_of_first = rig.clock.now() + 1h;
  rig.clock.open_gate();
  spin_until([&] { return rig.clock.latest_wait() == deadline_of_first; });
  rig.queue.release_open(0);
  spin_until([&] { return rig.queue.state().in_use == 1; });
  rig.queue.release_open(0);
  rig.join();
  CHECK(first == "no error");
  CHECK(early == "no error");
}

TEST_CASE("warm slot queue: a probe takes no slot for which somebody waits") {
  Rig rig(1, Order::kWarm);
  const std::string& waiter = rig.wait();
  rig.clock.close_gate();
  rig.queue.release_open(0);
  CHECK(rig.queue.state().idle == 1);
  CHECK_FALSE(rig.queue.take_coldest(1, Operation::kHealthCheck));
  rig.clock.open_gate();
  rig.join();
  CHECK(waiter == "no error");
}

TEST_CASE("slot queue: while it is held nothing is lent, and what is lent can be given back") {
  for (const Order order : kOrders) {
    Rig rig(3, order);
    rig.queue.release_open(0);
    rig.queue.release_empty(1);
    rig.queue.hold_until(rig.clock.now() + 20ms);
    rig.queue.release_open(2);
    rig.clock.advance(20ms - 1ns);
    CHECK_FALSE(rig.serves_newcomer());
    CHECK(rig.queue.state().available == 3);
    rig.clock.advance(1ns);
    for (int i = 0; i < 3; ++i) CHECK(rig.serves_newcomer());
  }
}

// main      holds the queue ......................... lets 20 ms pass
// waiter            waits, until the hold ends        takes a slot
TEST_CASE("slot queue: at the end of a hold as many waiters as there are slots are served") {
  for (const Order order : kOrders) {
    Rig rig(2, order);
    rig.queue.release_open(0);
    rig.queue.release_empty(1);
    rig.queue.hold_until(rig.clock.now() + 20ms);
    std::array<const std::string*, 2> waiters{};
    for (const std::string*& waiter : waiters) waiter = &rig.wait();
    rig.clock.advance(20ms);
    rig.join();
    for (const std::string* waiter : waiters) CHECK(*waiter == "no error");
  }
}

// main      holds the slot ........ holds the queue, releases     lets 20 ms pass
// waiter            waits for 1 h   now until the hold ends       takes the slot
TEST_CASE("slot queue: who waited before the hold began gets what came free meanwhile when it ends") {
  for (const Order order : kOrders) {
    Rig rig(1, order);
    const std::string& waiter = rig.wait();
    const auto end = rig.clock.now() + 20ms;
    rig.queue.hold_until(end);
    spin_until([&] { return rig.clock.latest_wait() == end; });
    rig.queue.release_open(0);
    CHECK(rig.queue.state().waiters == 1);
    rig.clock.advance(20ms);
    rig.join();
    CHECK(waiter == "no error");
  }
}

TEST_CASE("slot queue: a hold that is lifted lets those who wait have the slots at once") {
  for (const Order order : kOrders) {
    Rig rig(2, order);
    std::array<const std::string*, 2> waiters{};
    for (const std::string*& waiter : waiters) waiter = &rig.wait();
    rig.queue.hold_until(rig.clock.now() + 1h);
    rig.queue.release_open(0);
    rig.queue.release_open(1);
    CHECK(rig.queue.state().waiters == 2);
    rig.queue.hold_until(TimePoint::min());
    if (order == Order::kStrict) CHECK(rig.queue.state().waiters == 0);
    rig.join();
    for (const std::string* waiter : waiters) CHECK(*waiter == "no error");
  }
}

// main      holds the slot .. releases   overtakes   holds the queue, releases     lifts the hold
// waiter            waits     is woken           in vain, waits for the hold       is woken, takes it
TEST_CASE("warm slot queue: a waiter that was woken in vain before the hold is woken when it is lifted") {
  Rig rig(1, Order::kWarm);
  const std::string& waiter = rig.wait();
  rig.clock.close_gate();
  rig.queue.release_open(0);
  spin_until([&] { return rig.clock.at_gate() == 1; });
  CHECK(rig.serves_newcomer());
  const auto end = rig.clock.now() + 1min;
  rig.queue.hold_until(end);
  rig.queue.release_open(0);
  rig.clock.open_gate();
  spin_until([&] { return rig.clock.latest_wait() == end; });
  rig.queue.hold_until(rig.clock.now());
  rig.join();
  CHECK(waiter == "no error");
}

TEST_CASE("slot queue: a waiter of a held queue times out at its deadline") {
  for (const Order order : kOrders) {
    Rig rig(1, order);
    rig.queue.release_open(0);
    rig.queue.hold_until(rig.clock.now() + 20ms);
    const std::string& waiter = rig.wait(10ms);
    rig.clock.advance(10ms);
    rig.join();
    CHECK(waiter.starts_with("timeout: pool: events waited 10 ms in place 1"));
  }
}

// main      holds the queue for 20 ms .......... 10 ms                       20 ms
// first            waits for 10 ms               times out
// second                   waits for an hour     now until the hold ends     takes the slot
TEST_CASE("slot queue: whoever becomes the first waiter of a held queue watches for the end of the hold") {
  for (const Order order : kOrders) {
    Rig rig(1, order);
    rig.queue.release_open(0);
    const auto end = rig.clock.now() + 20ms;
    rig.queue.hold_until(end);
    const std::string& first = rig.wait(10ms);
    const std::string& second = rig.wait();
    rig.clock.advance(10ms);
    spin_until([&] { return rig.queue.state().waiters == 1 && rig.clock.latest_wait() == end; });
    rig.clock.advance(10ms);
    rig.join();
    CHECK(first.starts_with("timeout:"));
    CHECK(second == "no error");
  }
}

TEST_CASE("slot queue: who waits for a held queue sleeps through a retry that is due meanwhile") {
  for (const Order order : kOrders) {
    Rig rig(1, order);
    rig.queue.release_failed(0, "no such folder");  // due in 10 ms
    const auto end = rig.clock.now() + 20ms;
    rig.queue.hold_until(end);
    const std::string& waiter = rig.wait();
    spin_until([&] { return rig.clock.latest_wait() == end; });
    rig.clock.advance(20ms);
    rig.join();
    CHECK(waiter == "no error");
  }
}

TEST_CASE("slot queue: a hold may end at any moment of a call, and the call gets the slot") {
  for (int ticks = 0; ticks < 20; ++ticks) {
    CAPTURE(ticks);
    TickingClock clock;
    SlotQueue queue("pool", 1, clock);
    queue.hold_until(clock.now() + ticks * 1ns);
    const auto now = clock.now();
    CHECK(failure_of([&] { (void)queue.acquire({Operation::kEvents, now, now + 1h}, kMany); }) == "no error");
  }
}

TEST_CASE("slot queue: the coldest is one to be opened, else what has gone unused longest") {
  ExactClock clock;
  SlotQueue queue("pool", 4, clock);
  for (int i = 0; i < 3; ++i) (void)queue.acquire(call_now(clock), 0);
  for (const std::size_t slot : {1U, 2U, 0U}) queue.release_open(slot);
  const auto coldest = queue.acquire(call_now(clock), 0, Prefer::kColdest);
  CHECK(coldest.slot == 3);
  CHECK_FALSE(coldest.is_open);
  std::vector<std::size_t> lent;
  for (int i = 0; i < 2; ++i) {
    const auto grant = queue.acquire(call_now(clock), 0, Prefer::kColdest);
    CHECK(grant.is_open);
    lent.push_back(grant.slot);
  }
  CHECK(lent == std::vector<std::size_t>{1, 2});
  CHECK(queue.acquire(call_now(clock), 0).slot == 0);
}
