#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "weir/repositories/clock.h"

namespace weir::testing {

/// What a ManualClock does with a caller that sleeps.
enum class Sleeping {
  kBlocks,    ///< holds it until somebody advances the clock past its deadline
  kAdvances,  ///< advances the clock to its deadline, notes how long that was, and lets it go on
};

/// A clock that stands still until a test moves it.
///
/// Thread-safety: every member may be called from any thread.
class ManualClock final : public repositories::Clock {
 public:
  using TimePoint = repositories::TimePoint;
  using Duration = repositories::Duration;

  explicit ManualClock(Sleeping sleeping = Sleeping::kBlocks) : sleeping_(sleeping) {}

  void advance(Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
    advanced_.notify_all();
  }

  TimePoint now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  /// Begins at 2024-01-01 00:00:00 UTC and keeps pace with now().
  std::chrono::system_clock::time_point wall_now() const override {
    using namespace std::chrono;
    const system_clock::time_point start = sys_days{year{2024} / January / 1};
    return start + duration_cast<system_clock::duration>(now() - kStart);
  }

  /// Comes back early by the machine's clock, as the contract allows: whoever waits looks again, and no
  /// advance() is lost.
  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  TimePoint deadline) override {
    if (now() < deadline) condition.wait_for(lock, std::chrono::milliseconds{1});
  }

  void sleep_until(TimePoint deadline) override {
    std::unique_lock lock(mutex_);
    sleeps_.push_back(deadline - now_);
    if (sleeping_ == Sleeping::kAdvances && now_ < deadline) now_ = deadline;
    advanced_.wait(lock, [&] { return now_ >= deadline; });
  }

  /// How long each sleep was to be, in the order they began.
  std::vector<Duration> sleeps() const {
    const std::lock_guard lock(mutex_);
    return sleeps_;
  }

 private:
  /// Not the beginning of time, so that a test may go back from it.
  static constexpr TimePoint kStart{std::chrono::hours{1'000}};

  const Sleeping sleeping_;

  mutable std::mutex mutex_;
  std::condition_variable advanced_;
  // Guarded by mutex_.
  TimePoint now_ = kStart;
  std::vector<Duration> sleeps_;
};

}  // namespace weir::testing
