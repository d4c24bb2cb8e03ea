#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "weir/repositories/clock.h"

namespace weir::repositories {

/// One thread that runs a few tasks, each when it is due.
///
/// A task does what there is to do, does not throw, and says when it wants to be run next. wake() runs them
/// all at once, due or not.
///
/// Thread-safety: every member may be called from any thread; the tasks run one after the other.
/// Lifetime: `clock` and what the tasks use outlive it; its destructor waits for the task that runs.
class BackgroundThread {
 public:
  using Task = std::function<TimePoint(TimePoint now)>;

  BackgroundThread(std::vector<Task> tasks, Clock& clock);
  BackgroundThread(const BackgroundThread&) = delete;
  BackgroundThread& operator=(const BackgroundThread&) = delete;
  ~BackgroundThread();

  void wake();

  /// Waits for the task that runs, and runs none after it.
  void stop();

  /// Forgets the thread: for the child of a fork(), where it does not exist. Only the destructor is called
  /// after it.
  void abandon();

 private:
  struct Entry {
    Task task;
    TimePoint due;
  };
  struct Signal {
    std::mutex mutex;
    std::condition_variable woken;
    // Guarded by mutex.
    bool stopping = false;
    bool wake_requested = false;
  };

  void run();
  void run_due(TimePoint now);
  TimePoint next_due() const;

  Clock& clock_;
  std::vector<Entry> entries_;  // used by the thread alone
  std::unique_ptr<Signal> signal_ = std::make_unique<Signal>();

  std::thread thread_;
};

}  // namespace weir::repositories
