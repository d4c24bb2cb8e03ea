// The write queue under interleavings that a seed decides (invariants I2, I3).

#include <doctest/doctest.h>

#include "replay/seeded_scheduler.h"
#include "repositories/calls.h"
#include "repositories/write_queue_jobs.h"

using namespace std::chrono_literals;
using weir::repositories::Call;
using weir::repositories::Operation;
using weir::repositories::TimePoint;
using weir::repositories::WriteQueue;
using weir::testing::failure_of;
using weir::testing::for_seeds;
using weir::testing::Job;
using weir::testing::JobLeader;
using weir::testing::JobTally;
using weir::testing::kJobBounds;
using weir::testing::SeededScheduler;

namespace {

constexpr std::size_t kThreads = 5;
constexpr std::size_t kJobs = 5;  // of each thread

/// Without a deadline, so that who is forgotten waits for good and ends the program; else a short one.
Call call_of(SeededScheduler& scheduler) {
  const bool is_patient = scheduler.choose(3) != 0;
  const TimePoint now = scheduler.now();
  return {Operation::kAddEvent, now,
          is_patient ? TimePoint::max() : now + std::chrono::microseconds{scheduler.choose(30)}};
}

}  // namespace

TEST_CASE("replay: every write ends once, with the outcome that is its own, and nobody is forgotten") {
  std::size_t largest = 0;
  for_seeds([&](SeededScheduler& scheduler) {
    JobLeader leader;
    JobTally tally;
    WriteQueue queue("the write queue", kJobBounds, scheduler, [&](WriteQueue::Group& group) {
      scheduler.sleep_until(scheduler.now() + std::chrono::microseconds{scheduler.choose(10)});
      leader.run(group);
    });
    const auto writer = [&] {
      for (std::size_t i = 0; i < kJobs; ++i) {
        const Call call = call_of(scheduler);
        Job job(call, scheduler.choose(10) == 0 ? WriteQueue::Member::kAlone : scheduler.choose(50));
        const std::size_t max_waiters = scheduler.choose(6) == 0 ? 2 : kThreads;
        count(tally, failure_of([&] { queue.submit(job, max_waiters); }), job);
      }
    };
    scheduler.run(std::vector<std::function<void()>>(kThreads, writer));
    CHECK(leader.faults() == 0);
    CHECK(tally.surprises == 0);
    CHECK(tally.stored == leader.stored());
    CHECK(tally.stored + tally.timed_out + tally.overloaded + tally.other == kThreads * kJobs);
    CHECK(queue.waiters() == 0);
    largest = std::max(largest, leader.largest());
  });
  CHECK(largest > 2);
}
