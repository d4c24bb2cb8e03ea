#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <memory>

#include "service/running_server.h"
#include "support/threads.h"

using namespace weir::service;
using weir::repositories::Seconds;

namespace {

const std::string kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Sends `byte` again and again until an answer, or the end, can be read. False when neither comes.
bool drip(HttpClient& client, const std::string& byte) {
  for (int i = 0; i < 2000; ++i) {
    client.send(byte);
    if (client.is_readable(10)) return true;
  }
  return false;
}

/// A read route that holds its thread until it is let go.
class Gatekeeper {
 public:
  std::vector<Route> routes() {
    std::vector<Route> all = small_routes();
    all.push_back({.method = "GET",
                   .path = "/hold",
                   .lane = Lane::kRead,
                   .handler = [this](const Request&, const PathArguments&) {
                     ++held_;
                     let_go_.wait();
                     return Response{.body = "1"};
                   }});
    return all;
  }

  void wait_for(int held) {
    weir::testing::spin_until([&] { return held_ == held; });
  }
  void let_go() { let_go_.count_down(); }

 private:
  std::atomic<int> held_ = 0;
  std::latch let_go_{1};
};

const std::string kHold = "GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n";

}  // namespace

TEST_CASE("server limits: a head that drips in is ended by one deadline with 408") {
  ServerOptions options = any_port();
  options.request_timeout = Seconds(0.2);
  const RunningServer server(options, small_routes());
  HttpClient client(server.port());
  client.send("GET /hello HTTP/1.1\r\nX: ");
  REQUIRE(drip(client, "x"));
  const HttpReply reply = client.read_reply();
  CHECK(reply.status == 408);
  CHECK(reply.header("connection") == "close");
}

TEST_CASE("server limits: a body that drips in is ended by the same deadline") {
  ServerOptions options = any_port();
  options.request_timeout = Seconds(0.2);
  const RunningServer server(options, small_routes());
  HttpClient client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
      "100000\r\n\r\n");
  REQUIRE(drip(client, "1"));
  CHECK(client.read_reply().status == 408);
}

TEST_CASE("server limits: a connection that stays silent is closed without an answer") {
  ServerOptions options = any_port();
  options.idle_timeout = Seconds(0.1);
  const RunningServer server(options, small_routes());
  HttpClient fresh(server.port());
  CHECK(fresh.is_closed());
  HttpClient used(server.port());
  CHECK(used.call(kHello).status == 200);
  CHECK(used.is_closed());
}

TEST_CASE("server limits: a client that does not read its answer is left") {
  const std::string large(50'000'000, '7');
  std::vector<Route> routes = small_routes();
  routes[0].handler = [&large](const Request&, const PathArguments&) { return Response{.body = large}; };
  ServerOptions options = any_port();
  options.request_timeout = Seconds(0.2);
  RunningServer server(options, routes);
  HttpClient client(server.port());
  client.send(kHello);
  // The drain ends only when the answer is given up; its own limit of four seconds would say kAbandoned.
  REQUIRE(client.is_readable(20'000));
  server.drain();
  CHECK(server.wait() == Drained::kClean);
}

TEST_CASE("server limits: connections past the limit are closed at once, and one that ends makes room") {
  ServerOptions options = any_port();
  options.max_connections = 2;
  const RunningServer server(options, small_routes());
  auto first = std::make_unique<HttpClient>(server.port());
  HttpClient second(server.port());
  CHECK(first->call(kHello).status == 200);
  CHECK(second.call(kHello).status == 200);
  HttpClient third(server.port());
  CHECK(third.is_closed());
  first.reset();
  weir::testing::spin_until([&] {
    HttpClient next(server.port());
    return next.call(kHello).status == 200;
  });
}

TEST_CASE("server limits: when too many wait for a thread the next is told to come again") {
  ServerOptions options = any_port();
  options.read_threads = 1;
  options.max_queued_requests = 1;
  Gatekeeper keeper;
  const RunningServer server(options, keeper.routes());
  HttpClient running(server.port());
  running.send(kHold);
  keeper.wait_for(1);

  // One may wait. Which of two it is does not matter, but one of them is refused at once.
  HttpClient a(server.port());
  HttpClient b(server.port());
  a.send(kHello);
  b.send(kHello);
  weir::testing::spin_until([&] { return a.is_readable(0) || b.is_readable(0); });
  const HttpReply refused = a.is_readable(0) ? a.read_reply() : b.read_reply();
  CHECK(refused.status == 503);
  CHECK(refused.header("retry-after") == "1");

  HttpClient writer(server.port());
  CHECK(writer.call(Call{.method = "POST", .target = "/echo", .body = "1"}.text()).status == 200);
  keeper.let_go();
  CHECK(running.read_reply().status == 200);
}

TEST_CASE("server limits: hundreds of idle connections leave it able to serve") {
  const RunningServer server(any_port(), small_routes());
  std::vector<std::unique_ptr<HttpClient>> idle;
  for (int i = 0; i < 400; ++i) idle.push_back(std::make_unique<HttpClient>(server.port()));
  HttpClient client(server.port());
  CHECK(client.call(kHello).status == 200);
  CHECK(idle.back()->call(kHello).status == 200);
}
