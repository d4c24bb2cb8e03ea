#include "weir/service/asio_adapter.h"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <stdexcept>
#include <thread>

using namespace weir::service;
namespace asio = boost::asio;

namespace {

/// A result that cannot be made from nothing, as an event cannot.
struct Value {
  explicit Value(int the_number) : number(the_number) {}
  int number;
};

/// Runs one coroutine on an io_context of its own, on this thread.
template <class Coroutine>
void run(Coroutine coroutine) {
  asio::io_context io;
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(coroutine), [&failure](std::exception_ptr error) { failure = error; });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

TEST_CASE("adapter: work runs on the pool, its result comes back to the caller's thread") {
  asio::thread_pool pool(1);
  std::thread::id worker;
  std::thread::id back;
  int number = 0;
  run([&]() -> asio::awaitable<void> {
    const Value value = co_await run_blocking(pool.get_executor(), [&worker] {
      worker = std::this_thread::get_id();
      return Value(42);
    });
    number = value.number;
    back = std::this_thread::get_id();
  });
  CHECK(number == 42);
  CHECK(worker != back);
  CHECK(back == std::this_thread::get_id());
}

TEST_CASE("adapter: what the work throws reaches the caller") {
  asio::thread_pool pool(1);
  const auto failing = [&]() -> asio::awaitable<void> {
    co_await run_blocking(pool.get_executor(), []() -> int { throw std::out_of_range("too far"); });
  };
  CHECK_THROWS_AS(run(failing), std::out_of_range);
}

TEST_CASE("adapter: work without a result is awaited all the same") {
  asio::thread_pool pool(1);
  bool done = false;
  run([&]() -> asio::awaitable<void> {
    co_await run_blocking(pool.get_executor(), [&done] { done = true; });
  });
  CHECK(done);
}

TEST_CASE("adapter: one pool serves two io_contexts at once") {
  asio::thread_pool pool(2);
  int sums[2] = {0, 0};
  const auto count = [&pool](int& sum) {
    run([&pool, &sum]() -> asio::awaitable<void> {
      for (int i = 0; i < 1000; ++i) sum += co_await run_blocking(pool.get_executor(), [] { return 1; });
    });
  };
  std::thread other([&] { count(sums[1]); });
  count(sums[0]);
  other.join();
  CHECK(sums[0] == 1000);
  CHECK(sums[1] == 1000);
}
