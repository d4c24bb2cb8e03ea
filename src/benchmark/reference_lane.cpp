#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "weir/benchmark/lanes.h"
#include "weir/benchmark/reference_schema.h"

namespace weir::benchmark {
namespace {

/// What is being replaced: one connection, one thread that uses it, and everybody else in a queue before it.
class ReferenceLane final : public Lane {
 public:
  ReferenceLane(const LaneSettings& settings, const Workload& workload)
      : connection_(settings.path, settings.synchronous, workload), worker_([this] { run(); }) {}

  ~ReferenceLane() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    arrived_.notify_one();
    worker_.join();
  }

  std::unique_ptr<Session> session() override;

  /// Has the worker run `work`; waits for it.
  bool ask(const std::function<bool(ReferenceConnection&)>& work) {
    Task task{work};
    std::unique_lock lock(mutex_);
    tasks_.push_back(&task);
    arrived_.notify_one();
    task.done_signal.wait(lock, [&] { return task.is_done; });
    if (task.error) std::rethrow_exception(task.error);
    return task.answer;
  }

 private:
  struct Task {
    const std::function<bool(ReferenceConnection&)>& work;
    std::condition_variable done_signal{};
    bool is_done = false;
    bool answer = false;
    std::exception_ptr error{};
  };

  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      arrived_.wait(lock, [&] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      Task& task = *tasks_.front();
      tasks_.pop_front();
      lock.unlock();
      try {
        task.answer = task.work(connection_);
      } catch (...) {
        task.error = std::current_exception();
      }
      lock.lock();
      task.is_done = true;
      task.done_signal.notify_one();
    }
  }

  ReferenceConnection connection_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  // Guarded by mutex_.
  std::deque<Task*> tasks_;
  bool stopping_ = false;
  std::thread worker_;
};

class ReferenceSession final : public Session {
 public:
  explicit ReferenceSession(ReferenceLane& lane) : lane_(lane) {}

  bool point_read(std::size_t number) override {
    return lane_.ask([&](ReferenceConnection& connection) { return connection.point_read(number); });
  }
  bool recent_50(std::size_t conversation) override {
    return lane_.ask([&](ReferenceConnection& connection) { return connection.recent_50(conversation); });
  }
  bool append(const Sample& sample) override {
    return lane_.ask([&](ReferenceConnection& connection) { return connection.append(sample); });
  }
  bool hold_write(const std::function<const Sample*()>& next) override {
    return lane_.ask([&](ReferenceConnection& connection) { return connection.hold_write(next); });
  }

 private:
  ReferenceLane& lane_;
};

std::unique_ptr<Session> ReferenceLane::session() {
  return std::make_unique<ReferenceSession>(*this);
}

}  // namespace

std::unique_ptr<Lane> open_reference_lane(const LaneSettings& settings, const Workload& workload) {
  return std::make_unique<ReferenceLane>(settings, workload);
}

}  // namespace weir::benchmark
