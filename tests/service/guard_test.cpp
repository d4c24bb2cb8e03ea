#include "weir/service/guard.h"

#include <doctest/doctest.h>

#include "service/refused.h"

using namespace weir::service;

namespace {

constexpr std::uint16_t kPort = 8099;
const std::string kToken = "a-token-of-some-length";

RequestHead head(std::vector<Header> headers, std::string method = "POST") {
  return {.method = std::move(method), .target = "/", .headers = std::move(headers)};
}

AccessRules rules() {
  ServerOptions options;
  options.listen = "192.0.2.7:8099";
  options.allowed_hosts = {"chat.example"};
  options.allowed_origins = {"https://app.example"};
  return make_access_rules(options, kToken, kPort);
}

unsigned host_status(const std::string& host) {
  return refused([&] { check_host(head({{"Host", host}}), rules()); }).status;
}

unsigned token_status(const std::string& authorization) {
  return refused([&] { check_token(head({{"Authorization", authorization}}), rules()); }).status;
}

unsigned origin_status(const std::string& origin, const std::string& method = "POST") {
  return refused([&] {
           check_origin(head({{"Host", "localhost:8099"}, {"Origin", origin}}, method), rules());
         })
      .status;
}

unsigned type_status(const std::string& type) {
  return refused([&] { check_content_type(head({{"Content-Type", type}})); }).status;
}

Problem framing(std::vector<Header> headers) {
  return refused([&] { check_framing(head(std::move(headers))); });
}

}  // namespace

TEST_CASE(
    "guard: the loopback names, the listen host and the allowed hosts pass, with or without the bound port") {
  for (const std::string host :
       {"127.0.0.1", "[::1]", "localhost", "192.0.2.7", "chat.example", "LocalHost"}) {
    CAPTURE(host);
    CHECK(host_status(host) == 0);
    CHECK(host_status(host + ":8099") == 0);
    CHECK(host_status(host + ":8098") == 421);
  }
}

TEST_CASE("guard: a Host that is none of ours is misdirected") {
  for (const char* host : {"evil.example", "", "localhost.evil.example", "localhost:", "::1", "127.0.0.2",
                           "user@localhost", "localhost:8099:8099"}) {
    CAPTURE(host);
    CHECK(host_status(host) == 421);
  }
}

TEST_CASE("guard: a missing Host and two of them are wrong requests") {
  const Problem none = refused([] { check_host(head({}), rules()); });
  CHECK(none.status == 400);
  CHECK(none.field == "Host");
  CHECK(refused([] {
          check_host(head({{"Host", "localhost"}, {"host", "localhost"}}), rules());
        }).status == 400);
}

TEST_CASE("guard: the bearer token passes, its scheme in any case") {
  CHECK(token_status("Bearer " + kToken) == 0);
  CHECK(token_status("bEaReR " + kToken) == 0);
  CHECK(token_status("Bearer  " + kToken + " ") == 0);
}

TEST_CASE("guard: what is not the token is unauthorized, and told the scheme") {
  const std::vector<std::string> wrong = {"",
                                          "Bearer",
                                          "Bearer ",
                                          "Basic " + kToken,
                                          kToken,
                                          "Bearer " + kToken + "x",
                                          "Bearer " + kToken.substr(1),
                                          "Bearer A-token-of-some-length"};
  for (const std::string& given : wrong) {
    CAPTURE(given);
    CHECK(token_status(given) == 401);
  }
  const Problem problem = refused([] { check_token(head({}), rules()); });
  CHECK(problem.status == 401);
  REQUIRE(problem.headers.size() == 1);
  CHECK(problem.headers.front().name == "WWW-Authenticate");
  CHECK(problem.headers.front().value.starts_with("Bearer"));
}

TEST_CASE("guard: two Authorization headers are unauthorized, though each is right") {
  const Header right{"Authorization", "Bearer " + kToken};
  CHECK(refused([&] { check_token(head({right, right}), rules()); }).status == 401);
}

TEST_CASE("guard: without a token to ask for everybody passes") {
  const AccessRules open = make_access_rules(ServerOptions{}, std::nullopt, kPort);
  CHECK(refused([&] { check_token(head({}), open); }).status == 0);
}

TEST_CASE("guard: a foreign Origin may not change anything") {
  for (const char* origin : {"https://evil.example", "null", "http://localhost:3000", "http://localhost", "",
                             "ftp://localhost:8099", "https://app.example.evil"}) {
    CAPTURE(origin);
    CHECK(origin_status(origin) == 403);
    CHECK(origin_status(origin, "DELETE") == 403);
    CHECK(origin_status(origin, "GET") == 0);
    CHECK(origin_status(origin, "HEAD") == 0);
  }
}

TEST_CASE("guard: pages of the same host, of an allowed origin, and no pages at all may") {
  CHECK(origin_status("http://localhost:8099") == 0);
  CHECK(origin_status("https://LOCALHOST:8099") == 0);
  CHECK(origin_status("https://app.example") == 0);
  CHECK(refused([] { check_origin(head({{"Host", "localhost"}}), rules()); }).status == 0);
}

TEST_CASE("guard: two Origins must both be fine") {
  const auto both =
      head({{"Host", "localhost"}, {"Origin", "http://localhost"}, {"Origin", "http://evil.example"}});
  CHECK(refused([&] { check_origin(both, rules()); }).status == 403);
}

TEST_CASE("guard: a body must be said to be JSON, in UTF-8") {
  for (const char* type : {"application/json", "Application/JSON", "application/json; charset=utf-8",
                           "application/json;charset=\"UTF-8\"", "application/json ; charset=UTF-8"}) {
    CAPTURE(type);
    CHECK(type_status(type) == 0);
  }
  for (const char* type : {"", "text/plain", "application/jsonp", "application/json; charset=latin1", "json",
                           "application/x-www-form-urlencoded", "application/problem+json"}) {
    CAPTURE(type);
    CHECK(type_status(type) == 415);
  }
  CHECK(refused([] { check_content_type(head({})); }).field == "Content-Type");
}

TEST_CASE("guard: a compressed body is not JSON") {
  const Header json{"Content-Type", "application/json"};
  CHECK(refused([&] { check_content_type(head({json, {"Content-Encoding", "gzip"}})); }).status == 415);
  CHECK(refused([&] { check_content_type(head({json, {"Content-Encoding", "identity"}})); }).status == 0);
}

TEST_CASE("guard: a length said twice or in two ways is refused by its field") {
  const Header length{"Content-Length", "5"};
  const Header chunked{"Transfer-Encoding", "chunked"};
  CHECK(framing({length}).status == 0);
  CHECK(framing({chunked}).status == 0);
  CHECK(framing({length, length}).field == "Content-Length");
  CHECK(framing({chunked, chunked}).field == "Transfer-Encoding");
  CHECK(framing({length, chunked}).field == "Transfer-Encoding");
  CHECK(framing({{"Transfer-Encoding", "gzip"}}).field == "Transfer-Encoding");
  CHECK(framing({{"Transfer-Encoding", "gzip, chunked"}}).status == 400);
}
