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
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  thread_.join();
}

void BackgroundThread::wake() {
  {
    const std::lock_guard lock(mutex_);
    wake_requested_ = true;
  }
  woken_.notify_one();
}

void BackgroundThread::abandon() {
  if (thread_.joinable()) thread_.detach();
}

void BackgroundThread::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const TimePoint now = clock_.now();
    if (std::exchange(wake_requested_, false)) {
      for (Entry& entry : entries_) entry.due = now;
    }
    if (next_due() > now) {
      clock_.wait_until(woken_, lock, next_due());
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
