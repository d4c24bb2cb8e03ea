#include <doctest/doctest.h>

#include <random>

#include "repositories/calls.h"
#include "repositories/write_queue_jobs.h"
#include "support/environment_number.h"
#include "support/threads.h"
#include "weir/repositories/write_queue.h"

namespace {

using weir::repositories::Call;
using weir::repositories::Operation;
using weir::repositories::SystemClock;
using weir::repositories::TimePoint;
using weir::repositories::WriteQueue;
using weir::testing::failure_of;
using weir::testing::Job;
using weir::testing::JobLeader;
using weir::testing::JobTally;
using weir::testing::kJobBounds;
using weir::testing::run_at_once;

constexpr std::size_t kThreads = 8;

std::size_t race_rounds() {
  return static_cast<std::size_t>(weir::testing::environment_number("WEIR_RACE_ROUNDS", 100'000));
}

}  // namespace

// Eight threads submit, one job each at a time: a third of the jobs can wait for some microseconds only, and
// a sixth find the line full at five. Leaders fail, fail members, lose transactions and commits at random.
TEST_CASE(
    "write queue race: every one of a hundred thousand writes ends once, with the outcome that is its own") {
  SystemClock clock;
  JobLeader leader;
  JobTally tally;
  WriteQueue queue("the write queue", kJobBounds, clock,
                   [&](WriteQueue::Group& group) { leader.run(group); });
  run_at_once(kThreads, [&](std::size_t thread) {
    std::minstd_rand random(static_cast<unsigned>(thread + 1));
    for (std::size_t i = 0; i < race_rounds() / kThreads; ++i) {
      const TimePoint now = clock.now();
      const bool is_patient = random() % 3 != 0;
      const Call call{Operation::kAddEvent, now,
                      is_patient ? TimePoint::max() : now + std::chrono::microseconds{random() % 60}};
      Job job(call, random() % 30 == 0 ? WriteQueue::Member::kAlone : random() % 50);
      const std::size_t max_waiters = random() % 6 == 0 ? 5 : kThreads;
      count(tally, failure_of([&] { queue.submit(job, max_waiters); }), job);
    }
  });
  CHECK(leader.faults() == 0);
  CHECK(tally.surprises == 0);
  CHECK(tally.stored == leader.stored());
  CHECK(tally.stored + tally.timed_out + tally.overloaded + tally.other ==
        race_rounds() / kThreads * kThreads);
  CHECK(queue.waiters() == 0);
  // It was worth the while.
  CHECK(tally.stored > 0);
  CHECK(tally.timed_out > 0);
  CHECK(tally.overloaded > 0);
  CHECK(leader.put_back() > 0);
  CHECK(leader.largest() > 1);
}
