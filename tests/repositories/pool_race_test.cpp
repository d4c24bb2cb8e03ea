#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <random>
#include <set>
#include <vector>

#include "repositories/calls.h"
#include "repositories/integer_pool.h"
#include "support/environment_number.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::history::Error;
using weir::history::ErrorCode;
using weir::repositories::Replaced;
using weir::repositories::SystemClock;
using weir::testing::call_now;
using weir::testing::IntegerPool;
using weir::testing::run_at_once;
using weir::testing::Threads;
using Order = weir::repositories::SlotQueue::Order;

constexpr std::size_t kThreads = 8;
constexpr std::size_t kPoolSize = 2;
constexpr std::size_t kUnlimited = 1'000;

std::size_t race_rounds() {
  return static_cast<std::size_t>(weir::testing::environment_number("WEIR_RACE_ROUNDS", 100'000));
}

/// What the racing threads saw, to be compared with what the pool says of itself.
struct Tally {
  std::atomic<std::size_t> served{0};
  std::atomic<std::size_t> timed_out{0};
  std::atomic<std::size_t> overlaps{0};  // two leases of one connection at once
  std::atomic<std::size_t> other_errors{0};
};

/// Races on the machine's clock, with deadlines so short that they pass about when the hand-over comes.
class Race {
 public:
  explicit Race(IntegerPool& integers) : integers_(integers) {}

  /// `turn(lease, random)` is what a caller does with its lease.
  template <class Turn>
  void run(const Turn& turn) {
    run_at_once(kThreads, [&](std::size_t thread) {
      std::minstd_rand random(static_cast<unsigned>(thread + 1));
      for (std::size_t i = 0; i < race_rounds() / kThreads; ++i) run_once(turn, random);
    });
  }

  const Tally& tally() const { return tally_; }

 private:
  template <class Turn>
  void run_once(const Turn& turn, std::minstd_rand& random) {
    try {
      auto lease =
          integers_.pool.acquire(call_now(clock_, std::chrono::microseconds{random() % 40}), kUnlimited);
      ++tally_.served;
      if (*lease < 0) ++tally_.overlaps;
      *lease = -*lease;  // negative while it is lent
      turn(lease, random);
      *lease = -*lease;
    } catch (const Error& error) {
      ++(error.code() == ErrorCode::kTimeout ? tally_.timed_out : tally_.other_errors);
    }
  }

  IntegerPool& integers_;
  SystemClock clock_;
  Tally tally_;
};

void dawdle(std::minstd_rand& random) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds{random() % 20};
  while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
}

/// Every slot can be taken, and at the same time.
void check_whole(IntegerPool& integers) {
  SystemClock clock;
  std::vector<IntegerPool::Pool::Lease> leases;
  std::set<int> distinct;
  for (std::size_t i = 0; i < kPoolSize; ++i) {
    leases.push_back(integers.pool.acquire(call_now(clock), kUnlimited));
    distinct.insert(*leases.back());
  }
  CHECK(distinct.size() == kPoolSize);
  CHECK(integers.pool.state().in_use == kPoolSize);
  CHECK(integers.pool.state().waiters == 0);
}

constexpr std::array<Order, 2> kOrders = {Order::kStrict, Order::kWarm};

void check_counts(const IntegerPool& integers, const Tally& tally) {
  CHECK(tally.overlaps == 0);
  CHECK(tally.served > 0);
  CHECK(tally.timed_out > 0);
  CHECK(integers.pool.acquisitions() == tally.served);
  CHECK(integers.observer.acquired == tally.served);
  CHECK(integers.observer.released == tally.served);
  CHECK(integers.observer.timed_out == tally.timed_out);
  CHECK(integers.observer.created == integers.pool.created());
  CHECK(integers.observer.errors == integers.pool.errors());
}

}  // namespace

// Eight threads ask for two connections, each for at most 40 us, and keep what they get for up to 20 us: some
// leases are handed over just as the waiter's deadline passes, in either order.
TEST_CASE(
    "pool race: a hundred thousand time-outs against hand-overs lose no connection and lend none twice") {
  for (const Order order : kOrders) {
    CAPTURE(order);
    SystemClock clock;
    IntegerPool integers(kPoolSize, clock, order);
    Race race(integers);
    race.run([](auto&, std::minstd_rand& random) { dawdle(random); });
    CHECK(integers.pool.state().in_use == 0);
    CHECK(integers.pool.state().idle == kPoolSize);
    check_counts(integers, race.tally());
    CHECK(race.tally().served + race.tally().timed_out == race_rounds() / kThreads * kThreads);
    CHECK(integers.pool.created() == kPoolSize);
    check_whole(integers);
  }
}

// As above, while leases are discarded, opening fails for some, a checker probes and replaces what is idle,
// and the pool is held now and then.
TEST_CASE(
    "pool race: discards, failed opens, health checks and holds in between neither lose capacity nor strand "
    "anybody") {
  for (const Order order : kOrders) {
    CAPTURE(order);
    SystemClock clock;
    IntegerPool integers(kPoolSize, clock, order);
    Race race(integers);
    std::atomic<bool> is_over{false};
    Threads checker;
    checker.start([&] {
      for (std::uint64_t round = 1; !is_over; ++round) {
        if (round % 16 == 0) integers.sicken(static_cast<int>(integers.pool.created()), Replaced::kMoved);
        if (round % 64 == 0) integers.pool.hold_until(clock.now() + 10us);
        integers.pool.check_idle(round);
        integers.pool.reopen_failed();
        std::this_thread::yield();
      }
    });
    race.run([&](auto& lease, std::minstd_rand& random) {
      dawdle(random);
      if (random() % 500 != 0) return;
      integers.fail_opens(1);
      lease.discard(Replaced::kFailed);
    });
    is_over = true;
    checker.join();
    integers.fail_opens(0);
    CHECK(integers.pool.state().in_use == 0);
    CHECK(race.tally().other_errors == 0);
    check_counts(integers, race.tally());
    CHECK(integers.observer.replaced(Replaced::kMoved) == integers.observer.checked_failed);
    check_whole(integers);
  }
}
