#include <doctest/doctest.h>

#include <atomic>

#include "service/api_rig.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::service;

namespace {

const std::string kAll = "/v1/users/u/personality";
const std::string kWarmth = "/v1/users/u/personality/warmth";

}  // namespace

TEST_CASE_TEMPLATE("personality: a dimension begins at 0.5 without confidence, and holds its last update",
                   Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get(kAll).body == R"({"dimensions":{}})");
  const HttpReply first =
      api.post(kWarmth, R"({"delta":-0.125,"confidence_change":0.25,"context":"said \"no\""})");
  CHECK(first.status == 200);
  CHECK(first.header("weir-duplicate").empty());
  CHECK(first.body.starts_with(
      R"({"value":0.375,"confidence":0.25,"updates":1,"context":"said \"no\"","updated_at":")"));
  const HttpReply second = api.post(kWarmth, R"({"value":1})");
  CHECK(second.body.starts_with(R"({"value":1,"confidence":0.25,"updates":2,"context":null,"updated_at":")"));
  CHECK(json::parse(second.body).at("updated_at").get<std::string>().ends_with("Z"));
  api.post(kAll + "/calm", R"({"delta":0})");
  const json all = json::parse(api.get(kAll).body).at("dimensions");
  CHECK(all.size() == 2);
  CHECK(all.at("warmth") == json::parse(second.body));
  CHECK(all.at("calm").at("value") == 0.5);
  CHECK(all.at("calm").at("confidence") == 0);
  CHECK(api.get("/v1/users/v/personality").body == R"({"dimensions":{}})");
}

TEST_CASE_TEMPLATE("personality: a repeated request changes nothing and says so", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const std::string update = R"({"delta":0.1,"request_id":"r"})";
  CHECK(api.post(kWarmth, update).header("weir-duplicate").empty());
  const HttpReply now = api.post(kWarmth, R"({"delta":0.1})");
  const HttpReply again = api.post(kWarmth, update);
  CHECK(again.status == 200);
  CHECK(again.header("weir-duplicate") == "true");
  CHECK(again.body == now.body);
}

TEST_CASE_TEMPLATE("personality: the history tells each update, newest first", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get(kWarmth + "/history").body == R"({"history":[]})");
  api.post(kWarmth, R"({"value":0.1,"context":"why","request_id":"r"})");
  api.post(kWarmth, R"({"delta":0.2,"confidence_change":0.5})");
  const json history = json::parse(api.get(kWarmth + "/history").body).at("history");
  REQUIRE(history.size() == 2);
  CHECK(history[0].at("value") == 0.3);
  CHECK(history[0].at("confidence") == 0.5);
  CHECK(history[0].at("context").is_null());
  CHECK(history[0].at("request_id").is_null());
  CHECK(history[1].at("value") == 0.1);
  CHECK(history[1].at("context") == "why");
  CHECK(history[1].at("request_id") == "r");
  CHECK(history[1].at("updated_at").get<std::string>().ends_with("Z"));
  CHECK(history[1].size() == 5);
  CHECK(json::parse(api.get(kWarmth + "/history?limit=1").body).at("history") == json::array({history[0]}));
}

TEST_CASE_TEMPLATE("personality: confidence is clamped, and numbers are read as they are spelled", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(json::parse(api.post(kWarmth, R"({"value":2.5e-1,"confidence_change":7})").body).at("confidence") ==
        1);
  CHECK(api.post(kWarmth, R"({"delta":5E-3,"confidence_change":-8.5})")
            .body.starts_with(R"({"value":0.255,"confidence":0,)"));
  CHECK(api.post(kWarmth, R"({"value":0.1234567890125,"delta":null,"context":null,"request_id":null})")
            .body.starts_with(R"({"value":0.123456789013,)"));
}

TEST_CASE_TEMPLATE("personality: what is wrong with a call is refused by its name, and nothing changes", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const std::string longest(4097, 'x');
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"{}", "value"},
      {R"({"value":null})", "value"},
      {R"({"value":0.1,"delta":0.1})", "delta"},
      {R"({"value":"SECRET"})", "value"},
      {R"({"value":true})", "value"},
      {R"({"value":[0.1]})", "value"},
      {R"({"value":1.1})", "value"},
      {R"({"value":-0.1})", "value"},
      {R"({"value":5000})", "value"},
      {R"({"delta":0.500000000001})", "delta"},
      {R"({"delta":-0.6})", "delta"},
      {R"({"delta":-1e300})", "delta"},
      {R"({"delta":0,"confidence_change":"SECRET"})", "confidence_change"},
      {R"({"delta":0,"confidence_change":1001})", "confidence_change"},
      {R"({"delta":0,"context":5})", "context"},
      {R"({"delta":0,"context":")" + longest + "\"}", "context"},
      {R"({"delta":0,"request_id":""})", "request_id"},
      {R"({"delta":0,"request_id":7})", "request_id"},
      {R"({"delta":0,"colour":"red"})", "colour"},
      {R"({"delta":0,"delta":0})", "delta"},
      {"{\"delta\":0,\"context\":\"\xFF\"}", "body"},
      {"[]", "body"},
      {"{", "body"}};
  for (const auto& [body, field] : wrong) {
    CAPTURE(body);
    const HttpReply reply = api.post(kWarmth, body);
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == field);
    CHECK(reply.body.find("SECRET") == std::string::npos);
  }
  CHECK(field_of(api.post("/v1/users/%00/personality/d", R"({"delta":0})")) == "user_id");
  CHECK(field_of(api.post("/v1/users/u/personality/%FF", R"({"delta":0})")) == "dimension");
  CHECK(field_of(api.get("/v1/users/%FF/personality")) == "user_id");
  for (const char* limit : {"0", "1001", "x", ""}) {
    CHECK(field_of(api.get(kWarmth + "/history?limit=" + limit)) == "limit");
  }
  CHECK(api.get(kAll).body == R"({"dimensions":{}})");
  CHECK(api.get(kWarmth).status == 405);
}

TEST_CASE_TEMPLATE("personality: 100 additions of 0.005 by five clients end exactly 0.5 above the start",
                   Repo, WEIR_BOTH_REPOSITORIES) {
  weir::testing::for_rounds([] {
    ApiRig<Repo> api;
    api.post(kWarmth, R"({"value":0.25})");
    std::atomic<int> refused{0};
    weir::testing::run_at_once(5, [&](std::size_t) {
      HttpClient client(api.server.port());
      for (int i = 0; i < 20; ++i) {
        const Call add{.method = "POST", .target = kWarmth, .body = R"({"delta":0.005})"};
        if (client.call(add.text()).status != 200) ++refused;
      }
    });
    CHECK(refused == 0);
    CHECK(api.post(kWarmth, R"({"delta":0})")
              .body.starts_with(R"({"value":0.75,"confidence":0,"updates":102,)"));
  });
}
