#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <memory>
#include <stdexcept>

#include "service/running_server.h"
#include "support/threads.h"

using namespace weir::service;
using weir::repositories::Seconds;

namespace {

const std::string kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kHold = "GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kState = "GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// GET /hold, answered when it is let go, and GET /state, which tells the phase.
struct Held {
  std::latch entered{1};
  std::latch let_go{1};

  std::vector<Route> routes() {
    std::vector<Route> all = small_routes();
    all.push_back({.method = "GET",
                   .path = "/hold",
                   .lane = Lane::kRead,
                   .handler = [this](const Request&, const PathArguments&) {
                     entered.count_down();
                     let_go.wait();
                     return Response{.body = "\"held\""};
                   }});
    all.push_back({.method = "GET",
                   .path = "/state",
                   .lane = Lane::kInline,
                   .handler = [](const Request& request, const PathArguments&) {
                     return Response{.body =
                                         request.phase == Phase::kDraining ? "\"draining\"" : "\"serving\""};
                   }});
    return all;
  }
};

}  // namespace

// client:  GET /hold ──────────────────────────────► 200, close
// other:               GET /hello 200 │ GET /hello 503, close
// third:                              │ GET /state 200, close
// server:  start                      drain          wait() returns
TEST_CASE("server drain: what is in flight is answered, what comes is refused, then it ends") {
  Held held;
  RunningServer server(any_port(), held.routes());
  HttpClient client(server.port());
  client.send(kHold);
  held.entered.wait();
  HttpClient other(server.port());
  CHECK(other.call(kHello).status == 200);
  HttpClient third(server.port());
  CHECK(third.call(kState).body == "\"serving\"");

  server.drain();
  CHECK_THROWS_AS(HttpClient(server.port()), std::runtime_error);
  const HttpReply refused = other.call(kHello);
  CHECK(refused.status == 503);
  CHECK(refused.header("connection") == "close");
  CHECK(refused.header("retry-after") == "1");
  CHECK(third.call(kState).body == "\"draining\"");

  held.let_go.count_down();
  const HttpReply reply = client.read_reply();
  CHECK(reply.status == 200);
  CHECK(reply.body == "\"held\"");
  CHECK(reply.header("connection") == "close");
  CHECK(server.wait() == Drained::kClean);
}

TEST_CASE("server drain: idle connections do not hold it up") {
  RunningServer server(any_port(), small_routes());
  HttpClient idle(server.port());
  CHECK(idle.call(kHello).status == 200);
  server.drain();
  CHECK(server.wait() == Drained::kClean);
}

TEST_CASE("server drain: a request that does not end is abandoned after the drain timeout") {
  Held held;
  ServerOptions options = any_port();
  options.drain_timeout = Seconds(0.05);
  RunningServer server(options, held.routes());
  HttpClient client(server.port());
  client.send(kHold);
  held.entered.wait();
  server.drain();
  CHECK(server.wait() == Drained::kAbandoned);
  held.let_go.count_down();  // or the server's end would wait for the thread forever
}

TEST_CASE("server drain: a second drain does nothing") {
  RunningServer server(any_port(), small_routes());
  server.drain();
  server.drain();
  CHECK(server.wait() == Drained::kClean);
}

// one read thread:  hold ─────────────────────────────────► its answer goes nowhere
// its queue:              hello, hello, hello: never begun │ dropped
// server:                                 drain, abandoned │ let go, destroyed
TEST_CASE("server drain: what still waits for a thread when the server is abandoned is dropped") {
  Held held;
  std::vector<Route> routes = held.routes();
  std::atomic<int> begun = 0;
  routes[0].handler = [&begun](const Request&, const PathArguments&) {
    ++begun;
    return Response{};
  };
  ServerOptions options = any_port();
  options.read_threads = 1;
  options.max_queued_requests = 3;
  options.drain_timeout = Seconds(0.05);
  std::vector<std::unique_ptr<HttpClient>> waiting;
  {
    RunningServer server(options, routes);
    HttpClient client(server.port());
    client.send(kHold);
    held.entered.wait();
    // One more than may wait: when it is refused the others are in the queue.
    for (int i = 0; i < 4; ++i) {
      waiting.push_back(std::make_unique<HttpClient>(server.port()));
      waiting.back()->send(kHello);
    }
    weir::testing::spin_until([&] {
      return std::any_of(waiting.begin(), waiting.end(), [](const auto& one) { return one->is_readable(0); });
    });
    server.drain();
    CHECK(server.wait() == Drained::kAbandoned);
    held.let_go.count_down();
  }
  CHECK(begun == 0);
}
