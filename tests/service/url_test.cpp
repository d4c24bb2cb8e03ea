#include "weir/service/url.h"

#include <doctest/doctest.h>

#include "service/refused.h"

using namespace weir::service;

TEST_CASE("url: a path falls into its segments, a slash sent as %2F staying in one") {
  const Url url = parse_url("/v1/conversations/a%2Fb%20c/events");
  CHECK(url.segments == std::vector<std::string>{"v1", "conversations", "a/b c", "events"});
  CHECK(url.query.empty());
}

TEST_CASE("url: a plus sign is itself in a path and a space in a query") {
  const Url url = parse_url("/a+b?c=d+e");
  CHECK(url.segments == std::vector<std::string>{"a+b"});
  CHECK(url.query.at("c") == "d e");
}

TEST_CASE("url: any UTF-8 comes through, and hex digits in either case") {
  CHECK(parse_url("/%F0%9f%98%80").segments.front() == "\xF0\x9F\x98\x80");
}

TEST_CASE("url: parameters may be empty, lack a value, or hold an equals sign") {
  const Url url = parse_url("/x?a=&b&&c=d=e");
  CHECK(url.query == Query{{"a", ""}, {"b", ""}, {"c", "d=e"}});
}

TEST_CASE("url: an empty segment is kept, for a placeholder must not swallow it") {
  CHECK(parse_url("/v1//events").segments == std::vector<std::string>{"v1", "", "events"});
}

TEST_CASE("url: a wrong percent escape is refused wherever it stands") {
  for (const char* target : {"/%", "/%2", "/%zz", "/a%2", "/x?a=%g0", "/x?%=1"}) {
    CAPTURE(target);
    const Problem problem = refused([&] { parse_url(target); });
    CHECK(problem.status == 400);
    CHECK(problem.field == "target");
  }
}

TEST_CASE("url: a repeated parameter is refused by its name") {
  const Problem problem = refused([] { parse_url("/x?limit=1&limit=2"); });
  CHECK(problem.status == 400);
  CHECK(problem.field == "limit");
}

TEST_CASE("url: a parameter whose name is no clean text is not quoted") {
  CHECK(refused([] { parse_url("/x?%0a=1&%0A=2"); }).field == "query");
  CHECK(refused([] { parse_url("/x?%ff=1&%FF=2"); }).field == "query");
}

TEST_CASE("url: a target that is no path is refused") {
  for (const char* target : {"", "*", "http://localhost/health", "?limit=1"}) {
    CAPTURE(target);
    CHECK(refused([&] { parse_url(target); }).field == "target");
  }
}

TEST_CASE("url: the path alone ends at the question mark") {
  CHECK(path_of("/health?verbose=1") == "/health");
  CHECK(path_of("/health") == "/health");
}
