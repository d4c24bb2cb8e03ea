#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <type_traits>
#include <utility>

namespace weir::service {

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
  using Result = std::invoke_result_t<Work>;
  if constexpr (std::is_void_v<Result>) {
    const auto job = [&work]() -> boost::asio::awaitable<void> {
      work();
      co_return;
    };
    co_await boost::asio::co_spawn(executor, job, boost::asio::use_awaitable);
  } else {
    // Asio hands results over by value and wants them default-constructible; an event is not.
    std::optional<Result> result;
    const auto job = [&work, &result]() -> boost::asio::awaitable<void> {
      result.emplace(work());
      co_return;
    };
    co_await boost::asio::co_spawn(executor, job, boost::asio::use_awaitable);
    co_return std::move(*result);
  }
}

}  // namespace weir::service
