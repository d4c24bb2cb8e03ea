#pragma once

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "weir/history/error.h"

namespace weir::service {

/// Lets a fixed number of calls that block run at once where they are, and a bounded number wait for their
/// turn.
///
/// What WorkerPool does without the way to another thread and back, which costs as much as a short read. The
/// io_contexts whose threads call run() have more threads than there are turns: the others go on receiving
/// and sending, whatever the calls wait for.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: stop() is called before the io_contexts whose coroutines wait here are destroyed.
class Turns {
 public:
  struct Limits {
    std::size_t at_once;
    std::size_t waiting;
  };

  explicit Turns(Limits limits) : limits_(limits), free_(limits.at_once) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  /// Runs `work` on the calling thread, or, when it had to wait, on another one of the caller's executor.
  /// Errors: history::Error kOverloaded when too many wait already, kUnavailable when stop() came before its
  /// turn; what `work` throws.
  template <class Work>
  boost::asio::awaitable<std::invoke_result_t<Work>> run(Work work) {
    if (!take_free()) co_await wait();
    const Turn turn(*this);
    if (is_stopped_) throw history::Error(history::ErrorCode::kUnavailable, "the service is stopping");
    co_return work();
  }

  /// What still waits fails. What runs goes on.
  void stop();

 private:
  /// A coroutine that waits, whatever its type.
  class Waiter {
   public:
    Waiter() = default;
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    virtual ~Waiter() = default;
    virtual void resume() = 0;
  };

  template <class Handler>
  class HandlerWaiter final : public Waiter {
   public:
    explicit HandlerWaiter(Handler handler)
        : home_(boost::asio::get_associated_executor(handler)), handler_(std::move(handler)) {}
    void resume() override { boost::asio::post(home_.get_executor(), std::move(handler_)); }

   private:
    boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> home_;
    Handler handler_;
  };

  /// Gives back a turn that was taken.
  class [[nodiscard]] Turn {
   public:
    explicit Turn(Turns& turns) : turns_(turns) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { turns_.give_back(); }

   private:
    Turns& turns_;
  };

  /// Whether a turn was free, and is the caller's now; else it is one of those who wait.
  bool take_free();

  /// Returns with a turn.
  boost::asio::awaitable<void> wait() {
    const auto start = [this](auto handler) {
      enqueue(std::make_unique<HandlerWaiter<decltype(handler)>>(std::move(handler)));
    };
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
        start, boost::asio::use_awaitable);
  }

  void enqueue(std::unique_ptr<Waiter> waiter);
  void give_back();

  const Limits limits_;
  std::atomic<bool> is_stopped_ = false;
  std::mutex mutex_;
  // Guarded by mutex_. None is free while one waits.
  std::size_t free_;
  std::size_t waiting_ = 0;  // the waiters, and who is about to become one
  std::deque<std::unique_ptr<Waiter>> waiters_;
};

}  // namespace weir::service
