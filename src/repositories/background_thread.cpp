#include "weir/repositories/background_thread.h"

#include <algorithm>
#include <utility>

namespace weir::repositories {

BackgroundThread::BackgroundThread(std::vector<Task> tasks, Clock& clock) : clock_(clock) {
  const TimePoint now = clock_.now();
  for (Task& task : tasks) entries_.push_back({std::move(task), now});
  thread_ = std::thread([this] { run(); });
}

BackgroundThread::~BackgroundThread() {
  stop();
}

void BackgroundThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(signal_->mutex);
    signal_->stopping = true;
  }
  signal_->woken.notify_one();
  thread_.join();
}

void BackgroundThread::wake() {
  {
    const std::lock_guard lock(signal_->mutex);
    signal_->wake_requested = true;
  }
  signal_->woken.notify_one();
}

void BackgroundThread::abandon() {
  if (thread_.joinable()) thread_.detach();
  // Left behind: to destroy a condition variable is to wait until its waiters have gone, and this one's never
  // will.
  [[maybe_unused]] const Signal* left_behind = signal_.release();
}

void BackgroundThread::run() {
  std::unique_lock lock(signal_->mutex);
  while (!signal_->stopping) {
    const TimePoint now = clock_.now();
    if (std::exchange(signal_->wake_requested, false)) {
      for (Entry& entry : entries_) entry.due = now;
    }
    if (next_due() > now) {
      clock_.wait_until(signal_->woken, lock, next_due());
      continue;
    }
    lock.unlock();
    run_due(now);
    lock.lock();
  }
}

void BackgroundThread::run_due(TimePoint now) {
  for (Entry& entry : entries_) {
    if (entry.due <= now) entry.due = entry.task(now);
  }
}

TimePoint BackgroundThread::next_due() const {
  return std::ranges::min_element(entries_, {}, &Entry::due)->due;
}

}  // namespace weir::repositories
