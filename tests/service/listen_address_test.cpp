#include "weir/service/listen_address.h"

#include <doctest/doctest.h>

#include "weir/history/error.h"

using namespace weir::service;

namespace {

bool may_listen(const std::string& listen, const std::optional<std::string>& token) {
  ServerOptions options;
  options.listen = listen;
  try {
    check_listen(options, token);
    return true;
  } catch (const weir::history::Error& error) {
    CHECK(error.field() == "server.listen");
    return false;
  }
}

}  // namespace

TEST_CASE("listen: host and port are told apart, an IPv6 address by its brackets") {
  CHECK(parse_listen("127.0.0.1:8080").host == "127.0.0.1");
  CHECK(parse_listen("127.0.0.1:8080").port == 8080);
  CHECK(parse_listen("[::1]:0").host == "[::1]");
  CHECK(parse_listen("[::1]:0").bare_host() == "::1");
  CHECK(parse_listen("some-host.example:65535").bare_host() == "some-host.example");
}

TEST_CASE("listen: what is no HOST:PORT is refused by its key") {
  for (const char* text :
       {"", ":", "8080", "localhost", "localhost:", ":8080", "localhost:65536", "localhost:-1",
        "localhost:80x", "::1:8080", "[::1]", "[]:80", "http://localhost:80", "a b:80"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_listen(text), weir::history::Error);
  }
}

TEST_CASE("listen: on loopback no token is needed") {
  for (const char* listen : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "LOCALHOST:1", "[::1]:1"}) {
    CAPTURE(listen);
    CHECK(may_listen(listen, std::nullopt));
  }
}

TEST_CASE("listen: off loopback a token is required") {
  for (const char* listen : {"0.0.0.0:1", "[::]:1", "192.0.2.7:1", "weir.example:1", "128.0.0.1:1"}) {
    CAPTURE(listen);
    CHECK_FALSE(may_listen(listen, std::nullopt));
    CHECK(may_listen(listen, "0123456789abcdef"));
  }
}
