#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "service/running_server.h"
#include "weir/history/error.h"

using namespace weir::service;

namespace {

const std::string kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string echo(const std::string& headers, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + headers + "\r\n" +
         body;
}

std::string field_of(const HttpReply& reply) {
  CHECK(reply.header("content-type") == "application/problem+json");
  return nlohmann::json::parse(reply.body).value("field", "");
}

/// Keeps what a server tells of itself.
class Listener final : public HttpObserver {
 public:
  void client_came() noexcept override { ++clients; }
  void client_left() noexcept override { --clients; }
  void answered(unsigned status, weir::repositories::Duration took) noexcept override {
    last_status = status;
    was_measured = took > weir::repositories::Duration::zero();
    ++answers;
  }

  std::atomic<int> clients = 0;
  std::atomic<int> answers = 0;
  std::atomic<unsigned> last_status = 0;
  std::atomic<bool> was_measured = false;
};

}  // namespace

TEST_CASE("server: who comes and leaves is told, and how every request was answered, a refusal too") {
  Listener listener;
  const std::map<std::string, unsigned> wanted = {
      {kHello, 200}, {"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n", 404}, {"nonsense\r\n\r\n", 400}};
  {
    const RunningServer server(any_port(), small_routes(), listener);
    for (const auto& [request, status] : wanted) {
      HttpClient client(server.port());
      CHECK(client.call(request).status == static_cast<int>(status));
      CHECK(listener.clients >= 1);
      CHECK(listener.last_status == status);
      CHECK(listener.was_measured);
    }
  }
  CHECK(listener.answers == 3);
  CHECK(listener.clients == 0);
}

TEST_CASE("server: requests follow each other on one connection") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const HttpReply reply = client.call(kHello);
    CHECK(reply.status == 200);
    CHECK(reply.body == "\"hello\"");
    CHECK(reply.header("connection").empty());
  }
}

TEST_CASE("server: every answer forbids guessing and caching, a refusal too") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  for (const std::string target : {"/hello", "/nowhere"}) {
    const HttpReply reply = client.call(Call{.method = "GET", .target = target}.text());
    CHECK(reply.header("x-content-type-options") == "nosniff");
    CHECK(reply.header("cache-control") == "no-store");
  }
}

TEST_CASE("server: pipelined requests are answered in order") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const std::string body = std::to_string(i);
    all += echo("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) CHECK(client.read_reply().body == std::to_string(i));
}

TEST_CASE("server: a request that comes byte by byte is one request") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  for (const char c : echo("Content-Length: 2\r\n", "42")) client.send({&c, 1});
  CHECK(client.read_reply().body == "42");
}

TEST_CASE("server: a chunked body is read, and the connection goes on") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  CHECK(client.call(echo("Transfer-Encoding: chunked\r\n", "1\r\n4\r\n1\r\n2\r\n0\r\n\r\n")).body == "42");
  CHECK(client.call(kHello).status == 200);
}

TEST_CASE("server: a client that waits for 100-continue is told to go on") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  client.send(echo("Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
  CHECK(client.read_reply().status == 100);
  client.send("42");
  CHECK(client.read_reply().body == "42");
}

TEST_CASE("server: a client that waits for 100-continue is refused before it sends the body") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  const HttpReply reply = client.call(
      "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(reply.status == 404);
  CHECK(reply.header("connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("server: HEAD is answered as GET, without the body") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const HttpReply reply = client.read_head_reply();
  CHECK(reply.status == 200);
  CHECK(reply.header("content-length") == "7");
  CHECK(client.call(kHello).status == 200);
}

TEST_CASE("server: a client that asks to close is answered, told so, and left") {
  const RunningServer server(any_port(), small_routes());
  for (const std::string request : {"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                                    "GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n"}) {
    HttpClient client(server.port());
    const HttpReply reply = client.call(request);
    CHECK(reply.status == 200);
    CHECK(reply.header("connection") == "close");
    CHECK(client.is_closed());
  }
}

TEST_CASE("server: an unclear body length answers 400 by its field, then closes") {
  const RunningServer server(any_port(), small_routes());
  const std::string length = "Content-Length: 2\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string& headers : {length + chunked, chunked + length, length + length, chunked + chunked,
                                     length + "Content-Length: 3\r\n"}) {
    CAPTURE(headers);
    HttpClient client(server.port());
    const HttpReply reply = client.call(echo(headers, "42") + kHello);
    CHECK(reply.status == 400);
    CHECK_FALSE(field_of(reply).empty());
    CHECK(reply.header("connection") == "close");
    CHECK(client.is_closed());
  }
}

TEST_CASE("server: two empty lengths are refused as well, and nothing after them is served") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  const HttpReply reply = client.call(
      "GET /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n" + kHello);
  CHECK(reply.status == 400);
  CHECK(client.is_closed());
}

TEST_CASE("server: what is not HTTP answers 400, then closes") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  CHECK(client.call("\x16\x03\x01\x02 what is this\r\n\r\n").status == 400);
  CHECK(client.is_closed());
}

TEST_CASE("server: a body that is too large answers 413 though it is still being sent") {
  ServerOptions options = any_port();
  options.max_body_bytes = 100;
  const RunningServer server(options, small_routes());
  HttpClient client(server.port());
  client.send(echo("Content-Length: 300000\r\n", std::string(300'000, '1')));
  CHECK(client.read_reply().status == 413);
  CHECK(client.is_closed());
}

TEST_CASE("server: a chunked body that grows too large answers 413") {
  ServerOptions options = any_port();
  options.max_body_bytes = 100;
  const RunningServer server(options, small_routes());
  HttpClient client(server.port());
  std::string body;
  for (int i = 0; i < 11; ++i) body += "A\r\n1111111111\r\n";
  CHECK(client.call(echo("Transfer-Encoding: chunked\r\n", body)).status == 413);
}

TEST_CASE("server: a body of just the limit is taken") {
  ServerOptions options = any_port();
  options.max_body_bytes = 100;
  const RunningServer server(options, small_routes());
  HttpClient client(server.port());
  CHECK(client.call(echo("Content-Length: 100\r\n", std::string(100, '1'))).body == std::string(100, '1'));
}

TEST_CASE("server: a head that is too large answers 431") {
  ServerOptions options = any_port();
  options.max_header_bytes = 1000;
  const RunningServer server(options, small_routes());
  HttpClient client(server.port());
  CHECK(client.call("GET /hello HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n").status == 431);
  CHECK(client.is_closed());
}

TEST_CASE("server: a Host it was not told is misdirected, its own port is not") {
  const RunningServer server(any_port(), small_routes());
  HttpClient client(server.port());
  const auto with_host = [](const std::string& host) {
    return "GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  };
  CHECK(client.call(with_host("evil.example")).status == 421);
  CHECK(client.call(with_host("localhost:" + std::to_string(server.port()))).status == 200);
  CHECK(client.call(with_host("localhost:1")).status == 421);
  CHECK(client.call("GET /hello HTTP/1.1\r\n\r\n").status == 400);
  CHECK(client.call("GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n").status == 400);
}

TEST_CASE("server: with a token every path but /health is behind it, what does not exist too") {
  std::vector<Route> routes = small_routes();
  routes.push_back({.method = "GET", .path = "/health", .lane = Lane::kInline, .handler = routes[0].handler});
  const RunningServer server(any_port(), routes, "0123456789abcdef");
  HttpClient client(server.port());
  CHECK(client.call(Call{.method = "GET", .target = "/health"}.text()).status == 200);
  for (const std::string target : {"/hello", "/nowhere", "/health/", "/hello?health"}) {
    CAPTURE(target);
    const HttpReply refused = client.call(Call{.method = "GET", .target = target}.text());
    CHECK(refused.status == 401);
    CHECK(refused.header("www-authenticate").starts_with("Bearer"));
  }
  const std::string right = "Authorization: Bearer 0123456789abcdef\r\n";
  CHECK(client.call(Call{.method = "GET", .target = "/hello", .headers = right}.text()).status == 200);
}

TEST_CASE("server: what a handler throws becomes a problem, a bug without its detail") {
  std::vector<Route> routes = small_routes();
  routes[0].handler = [](const Request&, const PathArguments&) -> Response {
    throw std::runtime_error("secret");
  };
  routes[1].handler = [](const Request&, const PathArguments&) -> Response {
    throw weir::history::Error(weir::history::ErrorCode::kStorageFull, "the disk is full");
  };
  const RunningServer server(any_port(), routes);
  HttpClient client(server.port());
  const HttpReply bug = client.call(kHello);
  CHECK(bug.status == 500);
  CHECK(bug.body.find("secret") == std::string::npos);
  CHECK(client.call(Call{.method = "POST", .target = "/echo", .body = "1"}.text()).status == 507);
  CHECK(client.call(kHello).status == 500);
}

TEST_CASE("server: an answer of many megabytes arrives whole") {
  const std::string large(20'000'000, '7');
  std::vector<Route> routes = small_routes();
  routes[0].handler = [&large](const Request&, const PathArguments&) { return Response{.body = large}; };
  const RunningServer server(any_port(), routes);
  HttpClient client(server.port());
  CHECK(client.call(kHello).body == large);
  CHECK(client.call(kHello).body.size() == large.size());
}

TEST_CASE("server: a client that leaves at any byte of a request does no harm") {
  const RunningServer server(any_port(), small_routes());
  const std::string request = echo("Content-Length: 2\r\n", "42");
  for (std::size_t cut = 0; cut <= request.size(); ++cut) {
    HttpClient client(server.port());
    client.send(request.substr(0, cut));
  }
  HttpClient client(server.port());
  CHECK(client.call(kHello).status == 200);
}

TEST_CASE("server: an address that is taken is told as such") {
  const RunningServer first(any_port(), small_routes());
  ServerOptions options = any_port();
  options.listen = "127.0.0.1:" + std::to_string(first.port());
  HttpObserver observer;
  Server second(options, std::nullopt, small_routes(), observer);
  try {
    second.start();
    FAIL("it started");
  } catch (const weir::history::Error& error) {
    CHECK(error.code() == weir::history::ErrorCode::kUnavailable);
    CHECK(error.field() == "server.listen");
  }
}

TEST_CASE("server: off loopback without a token it is not even built") {
  ServerOptions options = any_port();
  options.listen = "0.0.0.0:0";
  HttpObserver observer;
  CHECK_THROWS_AS(Server(options, std::nullopt, small_routes(), observer), weir::history::Error);
}
