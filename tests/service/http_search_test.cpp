#include <doctest/doctest.h>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

void search_on(weir::repositories::sqlite::RepositoryOptions& options) {
  options.search.enabled = true;
  options.upkeep = weir::repositories::sqlite::Upkeep::kBesideCalls;
}

std::vector<std::string> texts_of(const HttpReply& reply) {
  std::vector<std::string> texts;
  const json body = json::parse(reply.body);
  for (const json& result : body.at("results")) texts.push_back(result.at("event").at("content"));
  return texts;
}

}  // namespace

TEST_CASE_TEMPLATE("http search: answers events as they are stored, snippets, and ranks", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api(search_on);
  const json stored = api.say("Der Ärger mit dem Tee");
  api.say("something else");
  const HttpReply reply = api.get("/v1/search?q=arger+te*");
  REQUIRE(reply.status == 200);
  const json body = json::parse(reply.body);
  REQUIRE(body.size() == 1);
  REQUIRE(body.at("results").size() == 1);
  const json& result = body.at("results").at(0);
  CHECK(result.size() == 3);
  CHECK(result.at("event") == stored);
  CHECK(result.at("snippet") == "Der ⟦Ärger⟧ mit dem ⟦Tee⟧");
  CHECK(result.at("rank").is_number());
  CHECK(result.at("rank") < 0);
  CHECK(api.get("/v1/search?q=coffee").body == R"({"results":[]})");
  CHECK(api.get("/v1/search?q=%22%00AND").body == R"({"results":[]})");
}

TEST_CASE_TEMPLATE("http search: in one conversation, and page by page", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api(search_on);
  for (const char* text : {"tea 1", "tea 2", "tea 3"}) api.say(text);
  using Texts = std::vector<std::string>;
  CHECK(texts_of(api.get("/v1/search?q=tea")) == Texts{"tea 1", "tea 2", "tea 3"});
  CHECK(texts_of(api.get("/v1/search?q=tea&limit=2")) == Texts{"tea 1", "tea 2"});
  CHECK(texts_of(api.get("/v1/search?q=tea&limit=2&offset=2")) == Texts{"tea 3"});
  CHECK(texts_of(api.get("/v1/search?q=tea&conversation_id=c")).size() == 3);
  CHECK(texts_of(api.get("/v1/search?q=tea&conversation_id=d")).empty());
  CHECK(api.remove("/v1/conversations/c/events/last").status == 204);
  CHECK(texts_of(api.get("/v1/search?q=tea")) == Texts{"tea 1", "tea 2"});
}

TEST_CASE_TEMPLATE("http search: what is missing or wrong is named", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api(search_on);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"/v1/search", "q"},
      {"/v1/search?q=", "q"},
      {"/v1/search?q=%22%2A%20-", "q"},
      {"/v1/search?q=%FF", "q"},
      {"/v1/search?q=" + std::string(1025, 'w'), "q"},
      {"/v1/search?q=tea&limit=0", "limit"},
      {"/v1/search?q=tea&limit=101", "limit"},
      {"/v1/search?q=tea&offset=10001", "offset"},
      {"/v1/search?q=tea&offset=-1", "offset"},
      {"/v1/search?q=tea&conversation_id=", "conversation_id"},
      {"/v1/search?q=tea&page=2", "page"}};
  for (const auto& [target, field] : wrong) {
    CAPTURE(target);
    const HttpReply reply = api.get(target);
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == field);
  }
}

TEST_CASE_TEMPLATE("http search: turned off it is not found, and the answer names the key", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const HttpReply reply = api.get("/v1/search?q=tea");
  CHECK(reply.status == 404);
  CHECK(json::parse(reply.body).at("detail").get<std::string>().find("search.enabled") != std::string::npos);
  CHECK(api.get("/v1/search").status == 400);
}
