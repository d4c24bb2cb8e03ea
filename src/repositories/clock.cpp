#include "weir/repositories/clock.h"

#include <thread>

namespace weir::repositories {

void SystemClock::wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                             TimePoint deadline) {
  if (deadline == TimePoint::max()) {
    condition.wait(lock);
  } else {
    condition.wait_until(lock, deadline);
  }
}

void SystemClock::sleep_until(TimePoint deadline) {
  std::this_thread::sleep_until(deadline);
}

TimePoint add_saturating(TimePoint start, Seconds length) {
  const Seconds room = TimePoint::max() - start;
  // A double near the limit may round past it, so the last second is not used.
  if (length >= room - Seconds{1.0}) return TimePoint::max();
  return start + std::chrono::duration_cast<Duration>(length);
}

}  // namespace weir::repositories
