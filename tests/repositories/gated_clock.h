#pragma once

#include <mutex>

#include "support/manual_clock.h"

namespace weir::testing {

/// A ManualClock under which nobody who has begun to wait goes on before the gate opens: what happens
/// meanwhile is seen all at once.
///
/// Thread-safety: every member may be called from any thread.
class GatedClock final : public repositories::Clock {
 public:
  void advance(repositories::Duration by) { clock_.advance(by); }

  void open_gate() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }

  repositories::TimePoint now() const override { return clock_.now(); }
  std::chrono::system_clock::time_point wall_now() const override { return clock_.wall_now(); }

  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  repositories::TimePoint deadline) override {
    lock.unlock();
    {
      std::unique_lock gate(mutex_);
      opened_.wait(gate, [&] { return is_open_; });
    }
    lock.lock();
    clock_.wait_until(condition, lock, deadline);
  }

  void sleep_until(repositories::TimePoint deadline) override { clock_.sleep_until(deadline); }

 private:
  ManualClock clock_;

  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;  // guarded by mutex_
};

}  // namespace weir::testing
