#include "weir/repositories/connection_pool.h"

#include <doctest/doctest.h>

#include <type_traits>
#include <vector>

#include "repositories/calls.h"
#include "repositories/integer_pool.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::Replaced;
using weir::repositories::SystemClock;
using weir::testing::call_now;
using weir::testing::failure_of;
using weir::testing::IntegerPool;
using weir::testing::ManualClock;
using weir::testing::spin_until;
using weir::testing::Threads;
using Lease = IntegerPool::Pool::Lease;

static_assert(!std::is_copy_constructible_v<Lease> && !std::is_move_assignable_v<Lease>);

/// As many leases at once as the pool allows.
std::vector<Lease> take_all(IntegerPool& integers, const weir::repositories::Clock& clock) {
  std::vector<Lease> leases;
  while (integers.pool.state().available > 0) leases.push_back(integers.pool.acquire(call_now(clock), 0));
  return leases;
}

std::vector<int> values_of(const std::vector<Lease>& leases) {
  std::vector<int> values;
  for (const Lease& lease : leases) values.push_back(*lease);
  return values;
}

}  // namespace

TEST_CASE("pool: connections are opened when somebody asks and no idle one is left, up to the limit") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  CHECK(integers.pool.created() == 0);
  for (int i = 0; i < 5; ++i) CHECK(*integers.pool.acquire(call_now(clock), 0) == 1);
  CHECK(integers.pool.created() == 1);
  const auto leases = take_all(integers, clock);
  CHECK(values_of(leases) == std::vector<int>{1, 2, 3});
  CHECK(failure_of([&] {
          (void)integers.pool.acquire(call_now(clock), 0);
        }).starts_with("overloaded: the pool:"));
  CHECK(integers.pool.created() == 3);
}

TEST_CASE("pool: the connection that came back last is lent first") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  {
    auto first = std::make_unique<Lease>(integers.pool.acquire(call_now(clock), 0));
    const auto second = integers.pool.acquire(call_now(clock), 0);
    const auto third = integers.pool.acquire(call_now(clock), 0);
    first.reset();
  }  // third comes back before second
  CHECK(values_of(take_all(integers, clock)) == std::vector<int>{2, 3, 1});
}

TEST_CASE("pool: a lease comes back exactly once, however often it is moved") {
  ManualClock clock;
  IntegerPool integers(2, clock);
  {
    Lease first = integers.pool.acquire(call_now(clock), 0);
    Lease second = std::move(first);
    const Lease third = std::move(second);
    CHECK(*third == 1);
    CHECK(integers.pool.state().in_use == 1);
  }
  CHECK(integers.pool.state().in_use == 0);
  CHECK(integers.pool.state().idle == 1);
  CHECK(integers.observer.released == 1);
}

TEST_CASE("pool: a connection that failed in use is never lent again, and a fresh one stands in its place") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  {
    Lease lease = integers.pool.acquire(call_now(clock), 0);
    lease.discard(Replaced::kFailed);
    const Lease moved = std::move(lease);
  }
  CHECK(integers.pool.state().idle == 0);
  CHECK(integers.pool.state().failed == 1);
  CHECK(integers.broken == 1);
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 2);
  CHECK(integers.observer.replaced(Replaced::kFailed) == 1);
  CHECK(integers.pool.errors() == 1);
}

TEST_CASE("pool: a discarded connection is destroyed at once, not when its slot is opened anew") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  integers.pool.acquire(call_now(clock), 0).discard(Replaced::kFailed);
  int left = 0;
  integers.pool.close([&](int&) { ++left; });
  CHECK(left == 0);
}

TEST_CASE("pool: a discard that is no failure counts no error") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  integers.pool.acquire(call_now(clock), 0).discard(Replaced::kReconfigured);
  CHECK(integers.pool.state().available == 1);
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 2);
  CHECK(integers.broken == 0);
  CHECK(integers.observer.replaced(Replaced::kReconfigured) == 1);
  CHECK(integers.pool.errors() == 0);
}

TEST_CASE("pool: a connection that cannot be cleaned is discarded as dirty") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  integers.soil(1);
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 1);
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 2);
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 2);
  CHECK(integers.observer.replaced(Replaced::kDirty) == 1);
}

// main      holds the only connection ...... discards it
// waiter               waits                is granted the empty slot, opens a fresh one
TEST_CASE("pool: a waiter gets a fresh connection when the one it waited for is discarded") {
  Replaced reason{};
  SUBCASE("as failed") {
    reason = Replaced::kFailed;
  }
  SUBCASE("as moved") {
    reason = Replaced::kMoved;
  }
  SystemClock clock;
  IntegerPool integers(1, clock);
  int got = 0;
  Threads threads;
  {
    Lease lease = integers.pool.acquire(call_now(clock), 0);
    threads.start([&] { got = *integers.pool.acquire(call_now(clock), 1); });
    spin_until([&] { return integers.pool.state().waiters == 1; });
    lease.discard(reason);
  }
  threads.join();
  CHECK(got == 2);
  CHECK(integers.pool.state().idle == 1);
}

TEST_CASE("pool: what the observer is told equals what the pool counts") {
  ManualClock clock;
  IntegerPool integers(2, clock);
  {
    const auto leases = take_all(integers, clock);
    clock.advance(40ms);
    CHECK(failure_of([&] { (void)integers.pool.acquire(call_now(clock, 0s), 1); }).starts_with("timeout:"));
    CHECK(
        failure_of([&] { (void)integers.pool.acquire(call_now(clock, 0s), 0); }).starts_with("overloaded:"));
  }
  CHECK(integers.observer.last_held() == 40ms);
  const auto early = call_now(clock);
  clock.advance(5ms);
  integers.pool.acquire(early, 0).discard(Replaced::kFailed);
  CHECK(integers.observer.last_waited() == 5ms);
  integers.fail_opens(1);
  {
    const auto leases = take_all(integers, clock);
    CHECK(failure_of([&] { (void)integers.pool.acquire(call_now(clock, 0s), 1); }).starts_with("timeout:"));
  }
  CHECK(integers.observer.created == integers.pool.created());
  CHECK(integers.observer.acquired == integers.pool.acquisitions());
  CHECK(integers.observer.released == integers.pool.acquisitions());
  CHECK(integers.observer.errors == integers.pool.errors());
  CHECK(integers.observer.timed_out == 2);
  CHECK(integers.pool.errors() == 2);
}

TEST_CASE("pool: closing hands each connection to its last rites once") {
  ManualClock clock;
  IntegerPool integers(3, clock);
  { const auto leases = take_all(integers, clock); }
  std::vector<int> closed;
  integers.pool.close([&](int& item) { closed.push_back(item); });
  CHECK(closed == std::vector<int>{1, 2, 3});
  integers.pool.close([&](int& item) { closed.push_back(item); });
  CHECK(closed.size() == 3);
}
