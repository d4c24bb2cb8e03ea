#include "weir/service/problem.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <utility>

using namespace weir::service;
using weir::history::Error;
using weir::history::ErrorCode;

TEST_CASE("problem: every error of a repository has its status") {
  const std::vector<std::pair<ErrorCode, unsigned>> table = {
      {ErrorCode::kInvalidArgument, 400}, {ErrorCode::kNotFound, 404},    {ErrorCode::kConflict, 409},
      {ErrorCode::kTimeout, 503},         {ErrorCode::kOverloaded, 503},  {ErrorCode::kUnavailable, 503},
      {ErrorCode::kUnknownOutcome, 503},  {ErrorCode::kStorageFull, 507}, {ErrorCode::kUnsupported, 500},
      {ErrorCode::kDamaged, 500},         {ErrorCode::kInternal, 500}};
  for (const auto& row : table) {
    const std::string name(weir::history::to_string(row.first));
    CAPTURE(name);
    const Problem problem = problem_of(Error(row.first, "x"));
    CHECK(problem.status == row.second);
    CHECK(problem.type == "urn:weir:error:" + name);
  }
}

TEST_CASE("problem: a 503 says when to come again, and nothing else does") {
  const Response later = to_response(problem_of(Error(ErrorCode::kTimeout, "x")));
  REQUIRE(later.headers.size() == 1);
  CHECK(later.headers.front().name == "Retry-After");
  CHECK(later.headers.front().value == "1");
  CHECK(to_response(problem_of(Error(ErrorCode::kConflict, "x"))).headers.empty());
}

TEST_CASE("problem: an unknown outcome tells to repeat with the same request_id") {
  const Problem problem = problem_of(Error(ErrorCode::kUnknownOutcome, "COMMIT failed"));
  CHECK(problem.detail.find("the same request_id") != std::string::npos);
}

TEST_CASE("problem: a bug in weir is told without its detail") {
  CHECK(problem_of(Error(ErrorCode::kInternal, "pointer 0xdead")).detail.find("0xdead") == std::string::npos);
}

TEST_CASE("problem: the document holds type, title, status, detail and the field where one is at fault") {
  const Response response = to_response(problem_of(weir::history::invalid("limit", "must be 1 to 5")));
  CHECK(response.status == 400);
  CHECK(response.content_type == "application/problem+json");
  CHECK(nlohmann::json::parse(response.body) ==
        nlohmann::json::parse(R"({"type":"urn:weir:error:invalid_argument","title":"Bad Request","status":400,
                                  "detail":"limit: must be 1 to 5","field":"limit"})"));
}

TEST_CASE("problem: without a field at fault the document names none") {
  const Response response = to_response({.status = 404, .detail = "nothing here"});
  CHECK(nlohmann::json::parse(response.body) ==
        nlohmann::json::parse(
            R"({"type":"about:blank","title":"Not Found","status":404,"detail":"nothing here"})"));
}

TEST_CASE("problem: a name is shown when it is short and clean") {
  CHECK(shown("limit", "query") == "limit");
  CHECK(shown("", "query") == "query");
  CHECK(shown(std::string(41, 'a'), "query") == "query");
  CHECK(shown("a\nb", "query") == "query");
  CHECK(shown("\xFF", "query") == "query");
}
