// The pool and the write ticket under interleavings that a seed decides (invariants I1, I2, I7): 500 in each
// run, and WEIR_REPLAY_SEED=n replays one.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "replay/seeded_scheduler.h"
#include "repositories/calls.h"
#include "repositories/integer_pool.h"
#include "weir/repositories/write_ticket.h"

using namespace std::chrono_literals;
using weir::history::Error;
using weir::history::ErrorCode;
using weir::repositories::Replaced;
using weir::repositories::WriteTicket;
using weir::testing::call_now;
using weir::testing::for_seeds;
using weir::testing::IntegerPool;
using weir::testing::SeededScheduler;
using Order = weir::repositories::SlotQueue::Order;

namespace {

constexpr std::size_t kPoolSize = 2;
constexpr std::size_t kUnlimited = 1'000;
constexpr int kTurns = 5;
constexpr auto kPatience = 1h;  // nothing takes so long, unless a wake-up was lost

/// What callers of a pool saw. Plain variables: one thread runs at a time.
class PoolLife {
 public:
  PoolLife(SeededScheduler& scheduler, Order order)
      : scheduler_(scheduler), integers(kPoolSize, scheduler, order) {}

  void call() {
    for (int turn = 0; turn < kTurns; ++turn) {
      const bool is_patient = scheduler_.choose(3) != 0;
      const auto patience = is_patient ? weir::repositories::Duration(kPatience)
                                       : std::chrono::microseconds{scheduler_.choose(40)};
      try {
        auto lease = integers.pool.acquire(call_now(scheduler_, patience), kUnlimited);
        use(lease);
      } catch (const Error& error) {
        error.code() == ErrorCode::kTimeout ? ++timed_out : ++other_errors;
        if (is_patient) ++timed_out_patient;
      }
    }
  }

  void check() {
    for (std::uint64_t round = 1; round <= kTurns; ++round) {
      if (scheduler_.choose(3) == 0) {
        integers.sicken(static_cast<int>(integers.pool.created()), Replaced::kMoved);
      }
      if (scheduler_.choose(4) == 0) integers.pool.hold_until(scheduler_.now() + 10us);
      integers.pool.check_idle(round);
      integers.pool.reopen_failed();
      scheduler_.sleep_until(scheduler_.now() + 5us);
    }
  }

 private:
  SeededScheduler& scheduler_;

 public:
  IntegerPool integers;
  std::size_t served = 0;
  std::size_t timed_out = 0;
  std::size_t timed_out_patient = 0;
  std::size_t other_errors = 0;
  bool was_shared = false;

 private:
  void use(IntegerPool::Pool::Lease& lease) {
    ++served;
    if (!lent_.insert(*lease).second) was_shared = true;
    scheduler_.sleep_until(scheduler_.now() + std::chrono::microseconds{scheduler_.choose(20)});
    lent_.erase(*lease);
    if (scheduler_.choose(6) != 0) return;
    integers.fail_opens(static_cast<int>(scheduler_.choose(3)));
    lease.discard(scheduler_.choose(2) == 0 ? Replaced::kFailed : Replaced::kDirty);
  }

  std::set<int> lent_;
};

/// What is left when all have ended: every slot can be lent, and what the pool counted is what callers saw.
void check_whole(PoolLife& life, SeededScheduler& scheduler) {
  life.integers.fail_opens(0);
  scheduler.run({[&] {
    auto one = life.integers.pool.acquire(call_now(scheduler, kPatience), kUnlimited);
    auto other = life.integers.pool.acquire(call_now(scheduler, kPatience), kUnlimited);
    life.was_shared = life.was_shared || *one == *other;
  }});
  CHECK_FALSE(life.was_shared);
  CHECK(life.timed_out_patient == 0);
  CHECK(life.other_errors == 0);
  CHECK(life.integers.pool.state().in_use == 0);
  CHECK(life.integers.pool.state().waiters == 0);
  CHECK(life.integers.pool.acquisitions() == life.served + 2);
  CHECK(life.integers.observer.timed_out == life.timed_out);
  CHECK(life.integers.observer.released == life.served + 2);
}

/// Whether somebody looks after the pool beside its callers.
enum class Keeper { kNone, kChecks };

void replay(Order order, Keeper keeper) {
  std::size_t timed_out = 0;
  for_seeds([&](SeededScheduler& scheduler) {
    PoolLife life(scheduler, order);
    const auto caller = [&] { life.call(); };
    const auto look_after = [&] {
      if (keeper == Keeper::kChecks) life.check();
    };
    scheduler.run({caller, caller, caller, caller, look_after});
    check_whole(life, scheduler);
    timed_out += life.timed_out;
  });
  CHECK(timed_out > 0);
}

}  // namespace

TEST_CASE("replay: a pool lends no connection twice, loses none and strands nobody, in order of arrival") {
  replay(Order::kStrict, Keeper::kChecks);
}

TEST_CASE("replay: nor does one that lets running callers overtake") {
  replay(Order::kWarm, Keeper::kChecks);
}

TEST_CASE("replay: what failed to open is retried by who waits, where nobody else does it") {
  replay(Order::kStrict, Keeper::kNone);
  replay(Order::kWarm, Keeper::kNone);
}

TEST_CASE("replay: one holds the write ticket at a time, and it comes to everybody who can wait") {
  for_seeds([](SeededScheduler& scheduler) {
    WriteTicket ticket("a file", scheduler);
    int inside = 0;
    bool was_shared = false;
    std::size_t holds = 0;
    std::size_t refused = 0;
    const auto writer = [&] {
      for (int turn = 0; turn < kTurns; ++turn) {
        const bool is_patient = scheduler.choose(4) != 0;
        try {
          const auto hold = ticket.take(call_now(scheduler, is_patient ? kPatience : 0h), kUnlimited);
          was_shared = was_shared || ++inside > 1;
          scheduler.sleep_until(scheduler.now() + std::chrono::microseconds{scheduler.choose(3)});
          --inside;
          ++holds;
        } catch (const Error&) {
          if (is_patient) was_shared = true;
          ++refused;
        }
      }
    };
    scheduler.run({writer, writer, writer, writer});
    CHECK_FALSE(was_shared);
    CHECK(holds + refused == 4 * kTurns);
    CHECK(ticket.waiters() == 0);
  });
}
