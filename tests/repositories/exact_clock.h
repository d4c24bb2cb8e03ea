#pragma once

#include <list>
#include <mutex>
#include <thread>

#include "support/manual_clock.h"

namespace weir::testing {

/// A ManualClock by which a wait ends when it is notified or its time has come, and never early: a wake-up
/// that is lost is seen. While its gate is closed, who was woken goes no further.
///
/// Thread-safety: every member may be called from any thread.
class ExactClock final : public repositories::Clock {
 public:
  using TimePoint = repositories::TimePoint;

  void advance(repositories::Duration by) {
    clock_.advance(by);
    while (!wake_due()) std::this_thread::yield();
  }

  void close_gate() { set_gate(Gate::kClosed); }
  void open_gate() { set_gate(Gate::kOpen); }

  /// Until when the latest wait is to last.
  TimePoint latest_wait() const {
    const std::lock_guard lock(mutex_);
    return latest_wait_;
  }
  /// How many were woken and stand at the gate.
  std::size_t at_gate() const {
    const std::lock_guard lock(mutex_);
    return at_gate_;
  }

  TimePoint now() const override { return clock_.now(); }
  std::chrono::system_clock::time_point wall_now() const override { return clock_.wall_now(); }

  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  TimePoint deadline) override {
    if (const auto place = begin_wait({condition, *lock.mutex(), deadline}); place != waits_.end()) {
      condition.wait(lock);
      end_wait(place);
    }
    lock.unlock();
    pass_gate();
    lock.lock();
  }

  void sleep_until(TimePoint deadline) override { clock_.sleep_until(deadline); }

 private:
  enum class Gate { kOpen, kClosed };
  struct Wait {
    std::condition_variable& condition;
    std::mutex& mutex;  // held by the waiter whenever it does not wait
    TimePoint deadline;
  };
  using Waits = std::list<Wait>;

  /// The end when its time has come already.
  Waits::iterator begin_wait(const Wait& wait) {
    const std::lock_guard lock(mutex_);
    latest_wait_ = wait.deadline;
    return now() < wait.deadline ? waits_.insert(waits_.begin(), wait) : waits_.end();
  }

  void end_wait(Waits::iterator place) {
    const std::lock_guard lock(mutex_);
    waits_.erase(place);
  }

  /// False when one could not be woken yet, because somebody works beside it.
  bool wake_due() {
    const std::lock_guard lock(mutex_);
    for (Wait& wait : waits_) {
      if (wait.deadline > now()) continue;
      const std::unique_lock waiting(wait.mutex, std::try_to_lock);
      if (!waiting) return false;
      wait.condition.notify_all();
      wait.deadline = TimePoint::max();
    }
    return true;
  }

  void set_gate(Gate gate) {
    const std::lock_guard lock(mutex_);
    gate_ = gate;
    opened_.notify_all();
  }

  void pass_gate() {
    std::unique_lock lock(mutex_);
    ++at_gate_;
    opened_.wait(lock, [&] { return gate_ == Gate::kOpen; });
    --at_gate_;
  }

  ManualClock clock_;

  mutable std::mutex mutex_;
  std::condition_variable opened_;
  // Guarded by mutex_.
  Waits waits_;
  Gate gate_ = Gate::kOpen;
  std::size_t at_gate_ = 0;
  TimePoint latest_wait_{};
};

}  // namespace weir::testing
