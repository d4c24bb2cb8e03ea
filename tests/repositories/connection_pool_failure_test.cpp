#include <doctest/doctest.h>

#include <vector>

#include "repositories/calls.h"
#include "repositories/integer_pool.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::history::ErrorCode;
using weir::repositories::Replaced;
using weir::repositories::SystemClock;
using weir::testing::call_now;
using weir::testing::failure_of;
using weir::testing::IntegerPool;
using weir::testing::ManualClock;
using weir::testing::spin_until;
using weir::testing::Threads;

constexpr int kAlways = 1'000'000;

}  // namespace

// main     fails opening, waits .. moves by 9 ms .... moves by 1 ms
// attempts 1                       1                  2            ...  20, 40, 80 ms after the one before
TEST_CASE(
    "pool: a failed open is tried again after 10, 20, 40 and 80 ms, and the caller gets its connection") {
  ErrorCode code{};
  SUBCASE("because the store is unavailable") {
    code = ErrorCode::kUnavailable;
  }
  SUBCASE("because opening took too long") {
    code = ErrorCode::kTimeout;
  }
  ManualClock clock;
  IntegerPool integers(1, clock);
  integers.fail_opens(4, code);
  int got = 0;
  Threads threads;
  threads.start([&] { got = *integers.pool.acquire(call_now(clock), 1); });
  for (int attempt = 1; attempt <= 4; ++attempt) {
    spin_until([&] { return integers.pool.state().failed == 1 && integers.pool.state().waiters == 1; });
    CHECK(integers.open_attempts() == attempt);
    const auto delay = *integers.pool.next_retry() - clock.now();
    CHECK(delay == 10ms * (1 << (attempt - 1)));
    clock.advance(delay);
    spin_until([&] { return integers.open_attempts() == attempt + 1; });
  }
  threads.join();
  CHECK(got == 1);
  CHECK(integers.pool.errors() == 4);
  CHECK(integers.observer.errors == 4);
}

TEST_CASE("pool: a slot that failed keeps counting, and the next one is tried at once") {
  ManualClock clock;
  IntegerPool integers(2, clock);
  integers.fail_opens(1);
  const auto lease = integers.pool.acquire(call_now(clock), 0);
  CHECK(*lease == 1);
  CHECK(integers.pool.state().failed == 1);
  CHECK(integers.pool.state().available == 0);
  clock.advance(10ms);
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 2);
}

TEST_CASE("pool: a slot whose open failed is told of, so that it is tried again though nobody calls") {
  ManualClock clock;
  IntegerPool integers(2, clock);
  integers.fail_opens(1);
  const auto lease = integers.pool.acquire(call_now(clock), 0);
  CHECK(integers.broken == 1);
  clock.advance(10ms);
  integers.pool.reopen_failed();
  CHECK(integers.pool.state().failed == 0);
}

TEST_CASE("pool: the timeout of a caller that met failures names their cause") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  integers.fail_opens(kAlways);
  CHECK(failure_of([&] { (void)integers.pool.acquire(call_now(clock, 0s), 1); }) ==
        "timeout: the pool: events waited 0 ms in place 1 and timed out; max 1, idle 0, in use 0, failed 1, "
        "waiting 1; "
        "held by: nobody; the last failure: no such folder");
  CHECK(integers.observer.timed_out == 1);
}

TEST_CASE(
    "pool: an error that trying again cannot help goes to the caller at once, and the next one tries again") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  for (const auto code : {ErrorCode::kUnsupported, ErrorCode::kDamaged, ErrorCode::kStorageFull}) {
    integers.fail_opens(1, code);
    CHECK(failure_of([&] { (void)integers.pool.acquire(call_now(clock), 0); }) ==
          std::string(to_string(code)) + ": no such folder");
    CHECK(integers.pool.state().available == 1);
    CHECK(integers.pool.state().failed == 0);
  }
  CHECK(*integers.pool.acquire(call_now(clock), 0) == 1);
  CHECK(integers.pool.errors() == 3);
}

// main      holds the slot, the next open will fail .. discards
// early            waits                               is granted it, fails, waits again for the retry
// late                    fills the queue ...................................................
TEST_CASE("pool: a caller whose open failed is let in again though the queue has filled up meanwhile") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  std::vector<std::string> served;  // guarded by the only connection
  Threads threads;
  {
    auto lease = integers.pool.acquire(call_now(clock), 0);
    const auto wait = [&](const std::string& name) {
      const std::string outcome = failure_of([&, call = call_now(clock)] {
        const auto own = integers.pool.acquire(call, 2);
        served.push_back(name);
      });
      CHECK(outcome == "no error");
    };
    threads.start([wait] { wait("early"); });
    spin_until([&] { return integers.pool.state().waiters == 1; });
    clock.advance(1ms);
    threads.start([wait] { wait("late"); });
    spin_until([&] { return integers.pool.state().waiters == 2; });
    integers.fail_opens(1);
    lease.discard(Replaced::kFailed);
  }
  spin_until([&] { return integers.pool.state().failed == 1 && integers.pool.state().waiters == 2; });
  clock.advance(10ms);
  threads.join();
  CHECK(served == std::vector<std::string>{"early", "late"});
}

TEST_CASE("pool: a caller that may not wait is not called one too many when its open fails") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  integers.fail_opens(kAlways);
  CHECK(failure_of([&] { (void)integers.pool.acquire(call_now(clock, 0s), 0); }).starts_with("timeout:"));
}

TEST_CASE("pool: a connection that failed in use is opened anew by reopen_failed at once") {
  ManualClock clock;
  IntegerPool integers(1, clock);
  integers.pool.acquire(call_now(clock), 0).discard(Replaced::kFailed);
  integers.pool.reopen_failed();
  CHECK(integers.pool.state().idle == 1);
  CHECK(integers.pool.created() == 2);
}

TEST_CASE(
    "pool: reopen_failed tries each failed slot once when it is due, and leaves it idle when it opens") {
  ManualClock clock;
  IntegerPool integers(2, clock);
  integers.fail_opens(4);
  CHECK(failure_of([&] { (void)integers.pool.acquire(call_now(clock, 0s), 1); }).starts_with("timeout:"));
  integers.pool.reopen_failed();
  CHECK(integers.open_attempts() == 2);
  clock.advance(10ms);
  integers.pool.reopen_failed();
  CHECK(integers.open_attempts() == 4);
  CHECK(*integers.pool.next_retry() == clock.now() + 20ms);
  clock.advance(20ms);
  integers.pool.reopen_failed();
  CHECK_FALSE(integers.pool.next_retry());
  CHECK(integers.pool.state().idle == 2);
}

// main      fails the only slot ................ moves the clock, reopens
// waiter          waits for the retry            is handed the open connection
TEST_CASE("pool: a connection that is reopened goes to whoever waits") {
  SystemClock clock;
  IntegerPool integers(1, clock);
  integers.fail_opens(3);
  int got = 0;
  Threads threads;
  threads.start([&] { got = *integers.pool.acquire(call_now(clock), 1); });
  spin_until([&] {
    integers.pool.reopen_failed();
    return integers.pool.state().idle == 1;
  });
  threads.join();
  CHECK(got == 1);
}

TEST_CASE("pool: no mix of failures costs a slot") {
  ManualClock clock(weir::testing::Sleeping::kAdvances);
  IntegerPool integers(4, clock);
  for (int i = 0; i < 400; ++i) {
    integers.fail_opens(i % 3, i % 2 == 0 ? ErrorCode::kUnavailable : ErrorCode::kDamaged);
    if (i % 5 == 0) integers.soil(static_cast<int>(integers.pool.created()));
    if (i % 7 == 0) integers.sicken(static_cast<int>(integers.pool.created()), Replaced::kFailed);
    (void)failure_of([&] {
      auto lease = integers.pool.acquire(call_now(clock, 0s), 1);
      if (i % 4 == 0) lease.discard(Replaced::kFailed);
    });
    integers.pool.check_idle(static_cast<std::uint64_t>(i + 1));
    clock.advance(3ms);
    integers.pool.reopen_failed();
  }
  integers.fail_opens(0);
  clock.advance(5s);
  std::vector<IntegerPool::Pool::Lease> leases;
  for (int i = 0; i < 4; ++i) leases.push_back(integers.pool.acquire(call_now(clock, 0s), 1));
  CHECK(integers.pool.state().in_use == 4);
}
