#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace weir::testing {

/// What hangs is never seen to fail, so it ends the program after this long. No test passes or fails by it.
inline constexpr std::chrono::minutes kHopeless{2};

[[noreturn]] inline void give_up(const char* what) {
  std::fprintf(stderr, "after two minutes still waiting for %s\n", what);
  std::abort();
}

/// Waits until what other threads do has made `condition` true.
template <class Condition>
void spin_until(const Condition& condition) {
  const auto hopeless = std::chrono::steady_clock::now() + kHopeless;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > hopeless) give_up("a condition");
    std::this_thread::yield();
  }
}

/// Threads of a test, joined when it ends.
class Threads {
 public:
  Threads() = default;
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { join(); }

  void start(std::function<void()> body) {
    const std::lock_guard lock(mutex_);
    ++running_;
    threads_.emplace_back([this, own_body = std::move(body)] {
      own_body();
      const std::lock_guard done(mutex_);
      --running_;
      ended_.notify_all();
    });
  }

  void join() {
    {
      std::unique_lock lock(mutex_);
      if (!ended_.wait_for(lock, kHopeless, [&] { return running_ == 0; })) give_up("a thread to end");
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::vector<std::thread> threads_;  // the test's own thread only

  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t running_ = 0;  // guarded by mutex_
};

/// Runs `body(0)` to `body(count - 1)` on a thread each, all let go at the same moment, and waits for them.
inline void run_at_once(std::size_t count, const std::function<void(std::size_t)>& body) {
  std::latch all_here(static_cast<std::ptrdiff_t>(count));
  Threads threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.start([&, i] {
      all_here.arrive_and_wait();
      body(i);
    });
  }
}

}  // namespace weir::testing
