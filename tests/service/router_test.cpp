#include "weir/service/router.h"

#include <doctest/doctest.h>

#include "service/refused.h"

using namespace weir::service;

namespace {

Handler says(std::string text) {
  return [text = std::move(text)](const Request&, const PathArguments&) { return Response{.body = text}; };
}

Router make_router() {
  return Router(
      {{.method = "GET", .path = "/c/{cid}/events/{id}", .lane = Lane::kRead, .handler = says("one")},
       {.method = "DELETE", .path = "/c/{cid}/events/last", .lane = Lane::kWrite, .handler = says("last")},
       {.method = "GET",
        .path = "/c/{cid}/events",
        .lane = Lane::kRead,
        .handler = says("list"),
        .parameters = {"limit", "after"}},
       {.method = "POST", .path = "/c/{cid}/events", .lane = Lane::kWrite, .handler = says("append")},
       {.method = "GET", .path = "/x/{y}", .lane = Lane::kRead, .handler = says("placeholder")},
       {.method = "GET", .path = "/x/literal", .lane = Lane::kRead, .handler = says("literal")}});
}

Match match(const std::string& method, const std::string& target) {
  static const Router router = make_router();
  return router.match({.method = method, .target = target, .headers = {}});
}

std::string answer_to(const std::string& method, const std::string& target) {
  return match(method, target).route->handler({}, {}).body;
}

}  // namespace

TEST_CASE("router: method and path choose the route") {
  CHECK(answer_to("GET", "/c/1/events") == "list");
  CHECK(answer_to("POST", "/c/1/events") == "append");
  CHECK(answer_to("GET", "/c/1/events/2") == "one");
  CHECK(answer_to("DELETE", "/c/1/events/last") == "last");
}

TEST_CASE("router: HEAD goes where GET goes") {
  CHECK(answer_to("HEAD", "/c/1/events") == "list");
}

TEST_CASE("router: what stands for the placeholders is handed over decoded, in order") {
  CHECK(match("GET", "/c/a%2Fb/events/%C3%A9").arguments == PathArguments{"a/b", "\xC3\xA9"});
}

TEST_CASE("router: a literal goes before a placeholder of the same method, however they are listed") {
  CHECK(answer_to("GET", "/x/literal") == "literal");
  CHECK(answer_to("GET", "/x/other") == "placeholder");
}

TEST_CASE("router: a method that the literal lacks is looked for among the placeholders") {
  CHECK(answer_to("GET", "/c/1/events/last") == "one");
}

TEST_CASE("router: a path without that method answers 405 and names the allowed ones") {
  const Problem problem = refused([] { match("PUT", "/c/1/events"); });
  CHECK(problem.status == 405);
  REQUIRE(problem.headers.size() == 1);
  CHECK(problem.headers.front().name == "Allow");
  CHECK(problem.headers.front().value == "GET, HEAD, POST");
}

TEST_CASE("router: HEAD is allowed only beside GET") {
  const Router router({{.method = "POST", .path = "/chat", .lane = Lane::kWrite, .handler = says("chat")}});
  const Problem problem =
      refused([&] { router.match({.method = "HEAD", .target = "/chat", .headers = {}}); });
  CHECK(problem.status == 405);
  CHECK(problem.headers.front().value == "POST");
}

TEST_CASE("router: the methods of all paths that fit are allowed") {
  CHECK(refused([] { match("PUT", "/c/1/events/last"); }).headers.front().value == "DELETE, GET, HEAD");
}

TEST_CASE("router: an unknown path answers 404, one segment more or less too") {
  for (const char* target : {"/", "/c", "/c/1", "/c/1/events/2/3", "/c/1/events/", "/C/1/events"}) {
    CAPTURE(target);
    const Problem problem = refused([&] { match("DELETE", target); });
    CHECK(problem.status == (std::string_view(target) == "/c/1/events/" ? 405 : 404));
  }
}

TEST_CASE("router: known parameters are handed over, an unknown one is refused by its name") {
  CHECK(match("GET", "/c/1/events?limit=5&after=x").query == Query{{"after", "x"}, {"limit", "5"}});
  const Problem problem = refused([] { match("GET", "/c/1/events?limti=5"); });
  CHECK(problem.status == 400);
  CHECK(problem.field == "limti");
}

TEST_CASE("router: a route that knows no parameter takes none") {
  CHECK(refused([] { match("GET", "/x/literal?a=1"); }).field == "a");
}
