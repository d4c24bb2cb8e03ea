#include "weir/service/turns.h"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <latch>
#include <optional>
#include <vector>

#include "support/threads.h"
#include "weir/history/error.h"

using weir::history::Error;
using weir::history::ErrorCode;
using weir::service::Turns;
using weir::testing::spin_until;
using weir::testing::Threads;
namespace asio = boost::asio;

namespace {

/// Coroutines that take turns on the threads of one io_context.
class TurnsRig {
 public:
  explicit TurnsRig(Turns::Limits limits) : turns(limits) {
    for (int i = 0; i < 4; ++i) threads_.start([this] { io_.run(); });
  }
  ~TurnsRig() {
    idle_.reset();
    threads_.join();
  }

  /// Asks for a turn to do `work` in.
  void start(std::function<void()> work) { asio::co_spawn(io_, call(std::move(work)), asio::detached); }

  Turns turns;
  std::atomic<int> ended = 0;
  std::atomic<int> overloaded = 0;
  std::atomic<int> unavailable = 0;

 private:
  asio::awaitable<void> call(std::function<void()> work) {
    try {
      co_await turns.run([&work] {
        work();
        return true;
      });
    } catch (const Error& error) {
      ++(error.code() == ErrorCode::kOverloaded ? overloaded : unavailable);
    }
    ++ended;
  }

  asio::io_context io_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> idle_{io_.get_executor()};
  Threads threads_;
};

}  // namespace

TEST_CASE("turns: no more run at once than may, and all run in the end") {
  TurnsRig rig({.at_once = 2, .waiting = 200});
  std::atomic<int> running = 0;
  std::atomic<int> too_many = 0;
  for (int i = 0; i < 200; ++i) {
    rig.start([&] {
      if (++running > 2) ++too_many;
      --running;
    });
  }
  spin_until([&] { return rig.ended == 200; });
  CHECK(too_many == 0);
  CHECK(rig.overloaded == 0);
}

// turn:     held ─────────────────────────────────────► one, another
// waiting:  one, another │ the third: refused at once │
TEST_CASE("turns: who finds too many waiting is refused at once, and the others run") {
  TurnsRig rig({.at_once = 1, .waiting = 2});
  std::latch entered(1);
  std::latch let_go(1);
  rig.start([&] {
    entered.count_down();
    let_go.wait();
  });
  entered.wait();
  std::vector<int> order;  // guarded by the one turn
  for (int i = 1; i <= 3; ++i) rig.start([&order, i] { order.push_back(i); });
  spin_until([&] { return rig.overloaded == 1; });
  CHECK(rig.ended <= 1);
  let_go.count_down();
  spin_until([&] { return rig.ended == 4; });
  CHECK(order.size() == 2);
  CHECK(rig.overloaded == 1);
}

// turn:     held ─────────────────────────────────────► ends well
// waiting:  one, another │ stop: both fail │ a third fails
TEST_CASE("turns: when they are stopped what waits fails, and what runs goes on") {
  TurnsRig rig({.at_once = 1, .waiting = 3});
  std::latch entered(1);
  std::latch let_go(1);
  std::atomic<int> done = 0;
  rig.start([&] {
    entered.count_down();
    let_go.wait();
    ++done;
  });
  entered.wait();
  rig.start([&] { ++done; });
  rig.start([&] { ++done; });
  rig.turns.stop();
  spin_until([&] { return rig.unavailable == 2; });
  CHECK(done == 0);
  let_go.count_down();
  spin_until([&] { return done == 1; });
  rig.start([&] { ++done; });
  spin_until([&] { return rig.ended == 4; });
  CHECK(rig.unavailable == 3);
  CHECK(done == 1);
}
