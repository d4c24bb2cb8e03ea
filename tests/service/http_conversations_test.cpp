#include <doctest/doctest.h>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

template <class Repo>
void add(ApiRig<Repo>& api, const std::string& conversation, const std::string& text) {
  const json event = {{"type", "user_message"}, {"role", "user"}, {"content", text}};
  REQUIRE(api.post("/v1/conversations/" + conversation + "/events", event.dump()).status == 201);
}

std::vector<std::string> ids_of(const json& page) {
  std::vector<std::string> ids;
  for (const json& conversation : page.at("conversations")) ids.push_back(conversation.at("id"));
  return ids;
}

}  // namespace

TEST_CASE_TEMPLATE("conversations: each is listed with its figures, the most recently active first", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  add(api, "old", "first words");
  add(api, "new", "other words");
  add(api, "new", "last words");
  const json page = json::parse(api.get("/v1/conversations").body);
  REQUIRE(ids_of(page) == std::vector<std::string>{"new", "old"});
  CHECK(page.at("next").is_null());
  const json& newest = page.at("conversations").at(0);
  CHECK(newest.at("title") == "other words");
  CHECK(newest.at("event_count") == 2);
  CHECK(newest.at("last_seq") == 2);
  CHECK(newest.at("preview") == "last words");
  CHECK(newest.at("created_at").get<std::string>().ends_with("Z"));
  CHECK(newest.at("updated_at") >= newest.at("created_at"));
  CHECK(newest.size() == 7);
}

TEST_CASE_TEMPLATE("conversations: none are an empty list", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get("/v1/conversations").body == R"({"conversations":[],"next":null})");
}

TEST_CASE_TEMPLATE("conversations: pages follow each other by next, and miss nothing", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (int i = 0; i < 5; ++i) add(api, "c" + std::to_string(i), "x");
  std::vector<std::string> seen;
  std::string after;
  for (int pages = 0; pages < 3; ++pages) {
    const json page = json::parse(api.get("/v1/conversations?limit=2" + after).body);
    for (const std::string& id : ids_of(page)) seen.push_back(id);
    if (page.at("next").is_string()) after = "&after=" + page.at("next").get<std::string>();
    CHECK(page.at("next").is_null() == (pages == 2));
  }
  CHECK(seen == std::vector<std::string>{"c4", "c3", "c2", "c1", "c0"});
}

TEST_CASE_TEMPLATE("conversations: one is deleted once, with its events, and begins at 1 again", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.say("one");
  api.say("two");
  CHECK(api.remove("/v1/conversations/c").status == 204);
  CHECK(api.remove("/v1/conversations/c").status == 404);
  CHECK(api.get("/v1/conversations/c/events").body == R"({"events":[]})");
  CHECK(ids_of(json::parse(api.get("/v1/conversations").body)).empty());
  CHECK(api.say("three").at("seq") == 1);
}

TEST_CASE_TEMPLATE("conversations: a limit or a cursor that is none is refused by its name", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (const char* query :
       {"limit=0", "limit=1001", "limit=x", "limit=", "after=%FF", "after=nonsense", "after="}) {
    CAPTURE(query);
    const HttpReply reply = api.get(std::string("/v1/conversations?") + query);
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == std::string(query).substr(0, std::string(query).find('=')));
  }
}
