#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace weir::service {

/// What a call that ran elsewhere came to: its result, or what it threw.
template <class Result>
class Outcome {
 public:
  template <class Work>
  void run(Work& work) noexcept {
    try {
      result_.emplace(work());
    } catch (...) {
      error_ = std::current_exception();
    }
  }
  Result take() {
    if (error_) std::rethrow_exception(error_);
    return std::move(*result_);
  }

 private:
  std::optional<Result> result_;
  std::exception_ptr error_;
};

template <>
class Outcome<void> {
 public:
  template <class Work>
  void run(Work& work) noexcept {
    try {
      work();
    } catch (...) {
      error_ = std::current_exception();
    }
  }
  void take() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::exception_ptr error_;
};

/// Runs `work`, which may block, on `executor` (a thread pool's) and comes back with its result on the
/// caller's own.
///
/// The way to call a repository from coroutines: `co_await run_blocking(pool.get_executor(), [&] { return
/// repository.find_event(id); })`. One repository serves any number of io_contexts this way.
///
/// Lifetime: the pool is joined, without stop(), before the caller's io_context is destroyed: what waits in
/// its queue belongs to both. Errors: what `work` throws.
template <class Executor, class Work>
boost::asio::awaitable<std::invoke_result_t<Work>> run_blocking(Executor executor, Work work) {
  namespace asio = boost::asio;
  Outcome<std::invoke_result_t<Work>> outcome;
  // Not co_spawn(): it would post to the pool a second time to come back, behind everybody who waits there.
  const auto start = [&](auto resume) {
    auto home = asio::make_work_guard(asio::get_associated_executor(resume));
    asio::post(executor, [&outcome, &work, home = std::move(home), resume = std::move(resume)]() mutable {
      outcome.run(work);
      asio::post(home.get_executor(), std::move(resume));
    });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(start, asio::use_awaitable);
  co_return outcome.take();
}

}  // namespace weir::service
