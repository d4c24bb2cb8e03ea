#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "weir/repositories/clock.h"

namespace weir::testing {

/// A clock by which waiting costs next to nothing: whoever waits for a time that is near moves it there, in
/// steps, unless somebody wakes him first. A sleep is over at once.
///
/// Thread-safety: every member may be called from any thread.
class HurryingClock final : public repositories::Clock {
 public:
  using TimePoint = repositories::TimePoint;
  using Duration = repositories::Duration;

  TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  /// Stands still: what is stored does not tell how long anybody waited.
  std::chrono::system_clock::time_point wall_now() const override {
    using namespace std::chrono;
    return sys_days{year{2024} / January / 1};
  }

  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  TimePoint deadline) override {
    const TimePoint began = now();
    const bool is_near = deadline <= began + kNear;
    if (deadline <= began) return;
    if (condition.wait_for(lock, is_near ? kStep : kFarStep) == std::cv_status::timeout && is_near) {
      move_to(std::min(deadline, began + kPace));
    }
  }

  void sleep_until(TimePoint deadline) override { move_to(deadline); }

 private:
  static constexpr TimePoint kStart{std::chrono::hours{1'000}};
  static constexpr Duration kNear = std::chrono::minutes{5};
  static constexpr Duration kPace = std::chrono::milliseconds{100};
  static constexpr Duration kStep = std::chrono::milliseconds{1};      // by the machine's clock
  static constexpr Duration kFarStep = std::chrono::milliseconds{20};  // the same

  void move_to(TimePoint time) {
    const std::lock_guard lock(mutex_);
    now_ = std::max(now_, time);
  }

  mutable std::mutex mutex_;
  TimePoint now_ = kStart;  // guarded by mutex_
};

}  // namespace weir::testing
