#include "weir/repositories/clock.h"

#include <doctest/doctest.h>

#include <limits>

#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::add_saturating;
using weir::repositories::Seconds;
using weir::repositories::SystemClock;
using weir::repositories::TimePoint;
using weir::testing::ManualClock;
using weir::testing::spin_until;
using weir::testing::Threads;

}  // namespace

TEST_CASE(
    "clock: a length is added to a time, and one beyond what the clock can count gives the end of time") {
  const TimePoint start{1h};
  CHECK(add_saturating(start, Seconds{1.5}) == start + 1500ms);
  CHECK(add_saturating(start, Seconds{0.0}) == start);
  for (const double length : {9.3e9, 1e18, 1e300, std::numeric_limits<double>::infinity()}) {
    CHECK(add_saturating(start, Seconds{length}) == TimePoint::max());
  }
  CHECK(add_saturating(TimePoint::max(), Seconds{1.0}) == TimePoint::max());
  CHECK(add_saturating(TimePoint::max() - 10s, Seconds{5.0}) < TimePoint::max());
}

// waiter   waits for ever (the lock is free)   goes on
// main                                  notifies
TEST_CASE(
    "clock: the machine's waits for a notice until the end of time, and for no notice once the deadline is "
    "past") {
  SystemClock clock;
  std::mutex mutex;
  std::condition_variable condition;
  bool is_notified = false;
  Threads threads;
  threads.start([&] {
    std::unique_lock lock(mutex);
    clock.wait_until(condition, lock, clock.now() - 1s);
    while (!is_notified) clock.wait_until(condition, lock, TimePoint::max());
    CHECK(lock.owns_lock());
  });
  {
    const std::lock_guard lock(mutex);
    is_notified = true;
  }
  condition.notify_one();
  threads.join();
}

TEST_CASE("clock: the machine's sleeps at least until the deadline") {
  SystemClock clock;
  const TimePoint deadline = clock.now() + 1ms;
  clock.sleep_until(deadline);
  CHECK(clock.now() >= deadline);
}

TEST_CASE("manual clock: it moves when it is told, both of its times together") {
  ManualClock clock;
  const auto start = clock.now();
  const auto wall_start = clock.wall_now();
  clock.advance(90s);
  CHECK(clock.now() - start == 90s);
  CHECK(clock.wall_now() - wall_start == 90s);
}

// sleeper   sleeps ......................... goes on at 10 ms
// main              advances by 9 ms, by 1 ms
TEST_CASE("manual clock: a sleeper is held until the clock has passed its deadline") {
  ManualClock clock;
  const auto deadline = clock.now() + 10ms;
  TimePoint woke_at{};
  Threads threads;
  threads.start([&] {
    clock.sleep_until(deadline);
    woke_at = clock.now();
  });
  spin_until([&] { return clock.sleeps().size() == 1; });
  clock.advance(9ms);
  clock.advance(1ms);
  threads.join();
  CHECK(woke_at == deadline);
}
