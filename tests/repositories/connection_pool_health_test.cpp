#include <doctest/doctest.h>

#include <deque>
#include <vector>

#include "repositories/calls.h"
#include "repositories/integer_pool.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::Operation;
using weir::repositories::Replaced;
using weir::repositories::SlotQueue;
using weir::testing::call_now;
using weir::testing::failure_of;
using weir::testing::IntegerPool;
using weir::testing::ManualClock;
using Lease = IntegerPool::Pool::Lease;

/// Takes `count` leases at once and gives them back in the order they were taken: the last one is the
/// warmest.
void warm(IntegerPool& integers, const ManualClock& clock, int count) {
  std::deque<Lease> leases;
  for (int i = 0; i < count; ++i) leases.push_back(integers.pool.acquire(call_now(clock), 0));
  while (!leases.empty()) leases.pop_front();
}

/// In which order the pool would lend what it keeps.
std::vector<int> lending_order(IntegerPool& integers, const ManualClock& clock) {
  std::vector<int> order;
  std::vector<Lease> leases;
  for (std::size_t left = integers.pool.state().idle; left > 0; --left) {
    leases.push_back(integers.pool.acquire(call_now(clock), 0));
    order.push_back(*leases.back());
  }
  return order;
}

}  // namespace

TEST_CASE("pool health: idle connections are probed, each once a round, the coldest first") {
  ManualClock clock;
  IntegerPool integers(4, clock);
  warm(integers, clock, 3);
  integers.pool.check_idle(1);
  CHECK(integers.probed() == std::vector<int>{1, 2, 3});
  integers.pool.check_idle(1);
  CHECK(integers.probed().size() == 3);
  integers.pool.check_idle(2);
  CHECK(integers.probed().size() == 6);
  CHECK(integers.pool.health_checks() == 6);
  CHECK(integers.observer.checked_ok == 6);
  CHECK(integers.pool.acquisitions() == 3);
}

TEST_CASE("pool health: a connection in use is never touched, and an unopened slot stays unopened") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  warm(integers, clock, 2);
  const auto held = integers.pool.acquire(call_now(clock), 0);
  integers.sicken(*held, Replaced::kFailed);
  integers.pool.check_idle(1);
  CHECK(integers.probed() == std::vector<int>{1});
  CHECK(*held == 2);
  CHECK(integers.pool.created() == 2);
}

TEST_CASE("pool health: a round leaves the order of warmth as it was") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  warm(integers, clock, 3);
  integers.pool.check_idle(1);
  CHECK(lending_order(integers, clock) == std::vector<int>{3, 2, 1});
}

TEST_CASE(
    "pool health: a caller in the middle of a round gets the warmest, not the one that was probed last") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  warm(integers, clock, 3);
  std::vector<int> lent;
  integers.during_probe = [&](int) { lent.push_back(*integers.pool.acquire(call_now(clock), 0)); };
  integers.pool.check_idle(1);
  CHECK(lent == std::vector<int>{3, 3, 2});
  CHECK(integers.probed() == std::vector<int>{1, 2, 3});
}

TEST_CASE("pool health: what the probe finds wrong is replaced for its reason, as the coldest") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  warm(integers, clock, 3);
  integers.sicken(3, Replaced::kReconfigured);
  integers.pool.check_idle(1);
  CHECK(integers.observer.replaced(Replaced::kReconfigured) == 1);
  CHECK(integers.observer.checked_failed == 1);
  CHECK(integers.observer.checked_ok == 2);
  CHECK(integers.pool.errors() == 0);
  CHECK(lending_order(integers, clock) == std::vector<int>{2, 1, 4});
}

TEST_CASE("pool health: a connection whose file was moved is closed, and nothing is opened in its place") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  warm(integers, clock, 3);
  integers.sicken(3, Replaced::kMoved);
  integers.pool.check_idle(1);
  CHECK(integers.observer.replaced(Replaced::kMoved) == 1);
  CHECK(integers.pool.created() == 3);
  CHECK(integers.pool.state().idle == 2);
  CHECK(integers.pool.state().available == 3);
}

TEST_CASE("pool health: a probe that failed counts as a connection error") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  warm(integers, clock, 1);
  integers.sicken(1, Replaced::kFailed);
  integers.pool.check_idle(1);
  CHECK(integers.pool.errors() == 1);
  CHECK(integers.observer.replaced(Replaced::kFailed) == 1);
  CHECK(integers.pool.state().idle == 1);
}

TEST_CASE("pool health: a replacement that cannot be opened keeps its slot and is tried again") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  warm(integers, clock, 1);
  integers.sicken(1, Replaced::kFailed);
  integers.fail_opens(1, weir::history::ErrorCode::kDamaged);
  integers.pool.check_idle(1);
  CHECK(integers.pool.state().failed == 1);
  CHECK(integers.pool.errors() == 2);
  CHECK(*integers.pool.next_retry() == clock.now() + 10ms);
  clock.advance(10ms);
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 2);
}

TEST_CASE("pool health: while a connection is probed it is lent to the checker, who is named as its holder") {
  ManualClock clock;
  SlotQueue queue("pool", 1, clock);
  queue.release_open(queue.acquire(call_now(clock), 0).slot);
  const auto probed = queue.take_coldest(1, Operation::kHealthCheck);
  REQUIRE(probed);
  CHECK(failure_of([&] {
          (void)queue.acquire(call_now(clock, 0s), 1);
        }).ends_with("held by: health_check for 0 ms"));
  CHECK_FALSE(queue.take_coldest(1, Operation::kHealthCheck));
  queue.release_open(*probed);
}
