#include "weir/config/host.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using weir::config::is_host;
using weir::config::is_host_and_port;
using weir::config::is_host_with_or_without_port;
using weir::config::is_origin;

TEST_CASE("host: names, IPv4 addresses and IPv6 addresses in brackets") {
  for (const std::string_view text :
       {"localhost", "chat.example", "my_host-1", "10.0.0.1", "[::1]", "[2001:db8::1]"}) {
    CAPTURE(text);
    CHECK(is_host(text));
  }
  for (const std::string_view text :
       {"", "::1", "[::1", "[]", "[x]", "10.0.0.256", "10.0.0", "a b", "a/b", "*", ".a", "-a", "a:1"}) {
    CAPTURE(text);
    CHECK_FALSE(is_host(text));
  }
  CHECK(is_host(std::string(253, 'a')));
  CHECK_FALSE(is_host(std::string(254, 'a')));
}

TEST_CASE("host: a port is 0 to 65535 in plain digits") {
  for (const std::string_view text : {"a:0", "127.0.0.1:8080", "[::1]:65535"}) {
    CAPTURE(text);
    CHECK(is_host_and_port(text));
  }
  for (const std::string_view text :
       {"a", "a:", ":80", "a:65536", "a:-1", "a:-0", "a:+1", "a:080", "a:8 ", "::1:80", "a:80:80"}) {
    CAPTURE(text);
    CHECK_FALSE(is_host_and_port(text));
  }
}

TEST_CASE("host: where the port may be left out, a wrong one is still wrong") {
  CHECK(is_host_with_or_without_port("chat.example"));
  CHECK(is_host_with_or_without_port("chat.example:8443"));
  CHECK_FALSE(is_host_with_or_without_port("chat.example:x"));
}

TEST_CASE("host: an origin is a scheme and a host, without a path") {
  for (const std::string_view text :
       {"https://chat.example", "http://localhost:3000", "https://[::1]:1", "tauri://localhost"}) {
    CAPTURE(text);
    CHECK(is_origin(text));
  }
  for (const std::string_view text :
       {"", "*", "null", "chat.example", "://a", "https://", "https://a/", "HTTPS://a", "1://a"}) {
    CAPTURE(text);
    CHECK_FALSE(is_origin(text));
  }
}
