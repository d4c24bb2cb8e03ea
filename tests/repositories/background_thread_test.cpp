#include "weir/repositories/background_thread.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <memory>
#include <mutex>
#include <vector>

#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::BackgroundThread;
using weir::repositories::Duration;
using weir::repositories::SystemClock;
using weir::repositories::TimePoint;
using weir::testing::ManualClock;
using weir::testing::spin_until;

/// A task that wants to be run again every `period`, and notes when it was.
class Periodic {
 public:
  Periodic(const ManualClock& clock, Duration period) : start_(clock.now()), period_(period) {}

  BackgroundThread::Task task() {
    return [this](TimePoint now) {
      const std::lock_guard lock(mutex_);
      runs_.push_back(now - start_);
      return now + period_;
    };
  }
  std::vector<Duration> runs() const {
    const std::lock_guard lock(mutex_);
    return runs_;
  }
  void wait_for_runs(std::size_t count) const {
    spin_until([&] { return runs().size() >= count; });
  }

 private:
  const TimePoint start_;
  const Duration period_;
  mutable std::mutex mutex_;
  std::vector<Duration> runs_;  // guarded by mutex_
};

constexpr TimePoint kNever = TimePoint::max();

}  // namespace

TEST_CASE("background thread: each task runs at the start and then when it is due, and at no other time") {
  ManualClock clock;
  Periodic often(clock, 10ms);
  Periodic seldom(clock, 25ms);
  {
    BackgroundThread thread({often.task(), seldom.task()}, clock);
    often.wait_for_runs(1);
    seldom.wait_for_runs(1);
    for (std::size_t step = 1; step <= 10; ++step) {
      clock.advance(5ms);
      often.wait_for_runs(1 + step / 2);
      seldom.wait_for_runs(1 + step / 5);
    }
  }
  CHECK(often.runs() == std::vector<Duration>{0ms, 10ms, 20ms, 30ms, 40ms, 50ms});
  CHECK(seldom.runs() == std::vector<Duration>{0ms, 25ms, 50ms});
}

TEST_CASE("background thread: wake runs every task at once, due or not, and they go on from there") {
  ManualClock clock;
  Periodic task(clock, 1h);
  {
    BackgroundThread thread({task.task()}, clock);
    task.wait_for_runs(1);
    clock.advance(1min);
    thread.wake();
    task.wait_for_runs(2);
    clock.advance(1h);
    task.wait_for_runs(3);
  }
  CHECK(task.runs() == std::vector<Duration>{0ms, 1min, 1h + 1min});
}

// task     runs ................................. ends    runs again, for it was woken
// main           wakes it     lets it end
TEST_CASE("background thread: a wake that comes while a task runs is not lost") {
  SystemClock clock;
  std::latch running(1);
  std::latch may_end(1);
  std::atomic<int> runs{0};
  BackgroundThread thread({[&](TimePoint) {
                            if (++runs == 1) {
                              running.count_down();
                              may_end.wait();
                            }
                            return kNever;
                          }},
                          clock);
  running.wait();
  thread.wake();
  may_end.count_down();
  spin_until([&] { return runs == 2; });
}

// On the machine's clock, by which nobody wakes who is not notified: a notice that is missing shows as a test
// that hangs.
TEST_CASE("background thread: wake and the destructor reach a thread that waits for ever") {
  SystemClock clock;
  std::atomic<int> runs{0};
  {
    BackgroundThread thread({[&](TimePoint) {
                              ++runs;
                              return kNever;
                            }},
                            clock);
    spin_until([&] { return runs == 1; });
    thread.wake();
    spin_until([&] { return runs == 2; });
  }
  CHECK(runs == 2);
}

// task        runs ...................... ends
// destructor         waits for it              returns
TEST_CASE("background thread: the destructor waits for the task that runs") {
  SystemClock clock;
  std::latch running(1);
  std::latch may_end(1);
  std::atomic<bool> has_ended{false};
  auto thread = std::make_unique<BackgroundThread>(std::vector<BackgroundThread::Task>{[&](TimePoint) {
                                                     running.count_down();
                                                     may_end.wait();
                                                     has_ended = true;
                                                     return kNever;
                                                   }},
                                                   clock);
  running.wait();
  weir::testing::Threads releaser;
  releaser.start([&] { may_end.count_down(); });
  thread.reset();
  CHECK(has_ended);
}

// parent   its thread waits ... fork .......................... goes on, is woken and joined
// child                              abandons, destroys, ends
TEST_CASE("background thread: the child of a fork abandons and destroys it, and the parent's goes on") {
  SystemClock clock;
  std::atomic<int> runs{0};
  auto thread = std::make_unique<BackgroundThread>(std::vector<BackgroundThread::Task>{[&](TimePoint) {
                                                     ++runs;
                                                     return kNever;
                                                   }},
                                                   clock);
  spin_until([&] { return runs == 1; });
  thread->wake();  // so that it has waited, or is about to
  spin_until([&] { return runs == 2; });
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(30);  // a child that hangs is killed, and seen below
    thread->abandon();
    thread.reset();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  thread->wake();
  spin_until([&] { return runs == 3; });
}
