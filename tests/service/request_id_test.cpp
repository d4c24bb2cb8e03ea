#include "weir/service/request_id.h"

#include <doctest/doctest.h>

#include <thread>

#include "service/api_rig.h"
#include "weir/repositories/log_context.h"

using namespace weir::service;
using weir::repositories::LogContext;

namespace {

std::string id_of(const std::string& given) {
  RequestHead head;
  head.headers = {{"x-request-id", given}};
  return RequestIds().of(head);
}

}  // namespace

TEST_CASE("request ids: a well-formed one is kept, any other is replaced") {
  for (const std::string& good : {std::string("a"), std::string("Az09-_.:"), std::string(128, 'x')}) {
    CHECK(id_of(good) == good);
  }
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a\"b"),
                                 std::string("\xC3\xA9"), std::string(129, 'x')}) {
    CHECK(id_of(bad) != bad);
    CHECK(id_of(bad).size() <= 128);
  }
  RequestIds ids;
  RequestHead twice;
  twice.headers = {{"X-Request-Id", "a"}, {"X-Request-Id", "b"}};
  CHECK(ids.of(twice).size() > 1);
  CHECK(ids.make() != ids.make());
  CHECK(ids.make() != RequestIds().make());
}

TEST_CASE_TEMPLATE("request ids: the answer and the error say it, whatever was wrong", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const auto ask = [&](const std::string& target) {
    return api.call({.method = "GET", .target = target, .headers = "X-Request-Id: mine-1\r\n"});
  };
  CHECK(ask("/v1/conversations").header("x-request-id") == "mine-1");
  for (const char* wrong : {"/v1/conversations?limit=none", "/nowhere", "/v1/conversations/c"}) {
    const HttpReply reply = ask(wrong);
    CHECK(reply.status >= 400);
    CHECK(reply.header("x-request-id") == "mine-1");
    CHECK(json::parse(reply.body).at("request_id") == "mine-1");
  }
  const HttpReply unreadable = api.client.call("GARBAGE\r\n\r\n");
  CHECK(unreadable.status == 400);
  CHECK(json::parse(unreadable.body).at("request_id") == unreadable.header("x-request-id"));
}

TEST_CASE("log context: it is the thread's own, nests, and ends with its block") {
  CHECK(LogContext::request().empty());
  {
    const LogContext outer("outer");
    {
      const LogContext inner("inner");
      CHECK(LogContext::request() == "inner");
    }
    CHECK(LogContext::request() == "outer");
    std::string elsewhere = "something";
    std::jthread([&] { elsewhere = LogContext::request(); }).join();
    CHECK(elsewhere.empty());
  }
  CHECK(LogContext::request().empty());
}
