#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>

#include "weir/history/error.h"
#include "weir/service/asio_adapter.h"

namespace weir::service {

/// A fixed number of threads for calls that block, and a bound on how many calls wait for one.
///
/// Thread-safety: run() may be called from any thread.
/// Lifetime: the io_contexts whose coroutines wait here outlive join().
class WorkerPool {
 public:
  struct Limits {
    std::size_t threads;
    std::size_t waiting;
  };

  explicit WorkerPool(Limits limits) : pool_(limits.threads), max_load_(limits.threads + limits.waiting) {}

  /// Runs `work` on one of the threads and comes back with its result on the caller's executor.
  /// Errors: history::Error kOverloaded when too many wait already, kUnavailable when the pool was stopped
  /// before its turn came; what `work` throws.
  template <class Work>
  boost::asio::awaitable<std::invoke_result_t<Work>> run(Work work) {
    const Place place(*this);
    co_return co_await run_blocking(pool_.get_executor(), [this, &work] {
      if (is_stopped_) throw history::Error(history::ErrorCode::kUnavailable, "the service is stopping");
      return work();
    });
  }

  /// What still waits for a thread fails. What runs goes on.
  ///
  /// Asio's own stop() would leave what waits in the pool's queue, to be destroyed after the io_contexts it
  /// belongs to.
  void stop() { is_stopped_ = true; }

  /// Blocking: until what runs has ended.
  void join() { pool_.join(); }

 private:
  /// One call's share of the load, from its arrival to its end.
  class [[nodiscard]] Place {
   public:
    explicit Place(WorkerPool& pool) : pool_(pool) {
      if (pool_.load_.fetch_add(1) < pool_.max_load_) return;
      pool_.load_.fetch_sub(1);
      throw history::Error(history::ErrorCode::kOverloaded, "too many requests wait for a thread");
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { pool_.load_.fetch_sub(1); }

   private:
    WorkerPool& pool_;
  };

  boost::asio::thread_pool pool_;
  const std::size_t max_load_;
  std::atomic<std::size_t> load_ = 0;
  std::atomic<bool> is_stopped_ = false;
};

}  // namespace weir::service
