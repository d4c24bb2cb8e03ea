#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace weir::repositories {

/// A length of time as configuration gives it.
using Seconds = std::chrono::duration<double>;
using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

/// Where the layer takes time from, so that a test can stand in for it. Time-outs use the steady clock only.
///
/// Thread-safety: every member may be called from any thread.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  virtual TimePoint now() const = 0;
  virtual std::chrono::system_clock::time_point wall_now() const = 0;

  /// Waits for `condition` to be notified, or for the deadline; may also return early for no reason.
  /// `lock` is held again on return.
  virtual void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                          TimePoint deadline) = 0;

  /// Blocks until the deadline.
  virtual void sleep_until(TimePoint deadline) = 0;
};

/// The machine's own clocks.
class SystemClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::steady_clock::now(); }
  std::chrono::system_clock::time_point wall_now() const override { return std::chrono::system_clock::now(); }
  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  TimePoint deadline) override;
  void sleep_until(TimePoint deadline) override;
};

/// `start` + `length`, at most the end of time: configuration may ask for more seconds than the clock can
/// count.
TimePoint add_saturating(TimePoint start, Seconds length);

}  // namespace weir::repositories
