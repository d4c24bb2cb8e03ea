// Many who are slow beside one who is not; bench/slow_clients.py measures how long that one waits.

#include <doctest/doctest.h>

#include <memory>

#include "service/running_server.h"
#include "support/threads.h"

using namespace weir::service;
using weir::repositories::Seconds;

namespace {

constexpr int kOfEachKind = 20;
const std::string kLarge = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kSlowHead = "GET /hello HTTP/1.1\r\nX: ";
const std::string kSlowBody =
    "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
    "1000\r\n\r\n1";

using Clients = std::vector<std::unique_ptr<HttpClient>>;

/// As many again, each of whom says `beginning` and nothing more.
void add_slow(Clients& clients, std::uint16_t port, const std::string& beginning) {
  for (int i = 0; i < kOfEachKind; ++i) {
    clients.push_back(std::make_unique<HttpClient>(port));
    REQUIRE(clients.back()->send(beginning));
  }
}

/// Routes of which /hello answers more than a connection holds.
std::vector<Route> routes_with_large_answer() {
  static const std::string large(20'000'000, '7');
  std::vector<Route> routes = small_routes();
  routes[0].handler = [](const Request&, const PathArguments&) { return Response{.body = large}; };
  return routes;
}

bool is_answered(HttpClient& client) {
  const Call call{.method = "POST", .target = "/echo", .body = "42"};
  return client.call(call.text()).body == "42";
}

}  // namespace

TEST_CASE("slow clients: heads, bodies and readers are ended by their limits while another is answered") {
  ServerOptions options = any_port();
  options.request_timeout = Seconds(0.3);
  options.max_connections = 3 * kOfEachKind + 1;
  RunningServer server(options, routes_with_large_answer());
  HttpClient good(server.port());
  REQUIRE(is_answered(good));
  Clients senders;
  add_slow(senders, server.port(), kSlowHead);
  add_slow(senders, server.port(), kSlowBody);
  Clients readers;
  add_slow(readers, server.port(), kLarge);
  for (const auto& sender : senders) {
    while (!sender->is_readable(0)) REQUIRE(is_answered(good));
    CHECK(sender->read_reply().status == 408);
    CHECK(sender->is_closed());
  }
  // Nobody's connection is held any more, not even by those who never read: as many come in again.
  weir::testing::spin_until([&] {
    REQUIRE(is_answered(good));
    Clients next;
    bool all = true;
    for (int i = 0; i < 3 * kOfEachKind && all; ++i) {
      next.push_back(std::make_unique<HttpClient>(server.port()));
      all = is_answered(*next.back());
    }
    return all;
  });
}
