#include <doctest/doctest.h>

#include "service/api_rig.h"

using namespace weir::service;

namespace {
const std::string kEvents = "/v1/conversations/c/events";
using Seqs = std::vector<int>;
}  // namespace

TEST_CASE_TEMPLATE("events: an event goes in and comes out with every field", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const json given = json::parse(R"({"id":"e-1","type":"assistant_message","role":"assistant",
    "content":[{"type":"text","text":"good "},{"type":"text","text":"morning \ud83d\ude00"}],
    "timestamp":"2026-01-31T09:00:00.5+01:00","tool_calls":[{"z":1,"a":[2.50]}],"tool_call_id":"t-1",
    "model":"m","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"extra":{"k":"v"},
    "token_count":7,"request_id":"r-1"})");
  const HttpReply posted = api.post(kEvents, given.dump());
  CHECK(posted.status == 201);
  CHECK(posted.header("content-type") == "application/json");
  json expected = given;
  expected["conversation_id"] = "c";
  expected["seq"] = 1;
  expected["timestamp"] = "2026-01-31T08:00:00.500000Z";
  CHECK(json::parse(posted.body) == expected);
  CHECK(api.get(kEvents).body == "{\"events\":[" + posted.body + "]}");
  CHECK(api.get(kEvents + "/e-1").body == posted.body);
}

TEST_CASE_TEMPLATE("events: what is absent is null, empty or assigned", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const json stored = json::parse(api.post(kEvents, R"({"type":"meta"})").body);
  for (const char* field :
       {"role", "content", "tool_calls", "tool_call_id", "model", "usage", "request_id"}) {
    CAPTURE(field);
    CHECK(stored.at(field).is_null());
  }
  CHECK(stored.at("extra") == json::object());
  CHECK(stored.at("token_count") == 0);
  CHECK(stored.at("seq") == 1);
  CHECK(stored.at("id").get<std::string>().size() == 36);
}

TEST_CASE_TEMPLATE("events: the same request_id again answers 200 and the event first stored", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const HttpReply first = api.post(kEvents, R"({"type":"meta","request_id":"r"})");
  const HttpReply again = api.post(kEvents, R"({"type":"user_message","content":"other","request_id":"r"})");
  CHECK(first.status == 201);
  CHECK(first.header("weir-duplicate").empty());
  CHECK(again.status == 200);
  CHECK(again.header("weir-duplicate") == "true");
  CHECK(again.body == first.body);
  CHECK(seqs_of(api.get(kEvents)) == Seqs{1});
}

TEST_CASE_TEMPLATE("events: a list is stored in order, members that are stored come back as they are", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.post(kEvents, R"({"type":"meta","request_id":"r"})");
  const HttpReply mixed =
      api.post(kEvents, R"([{"type":"meta"},{"type":"meta","request_id":"r"},{"type":"meta"}])");
  CHECK(mixed.status == 201);
  CHECK(mixed.header("weir-duplicate").empty());
  CHECK(seqs_of(mixed) == Seqs{2, 1, 3});
  const HttpReply known = api.post(kEvents, R"([{"type":"meta","request_id":"r"}])");
  CHECK(known.status == 200);
  CHECK(known.header("weir-duplicate") == "true");
  CHECK(seqs_of(known) == Seqs{1});
}

TEST_CASE_TEMPLATE("events: a list of 1,000 is taken whole, one of 1,001 not at all", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  json list(1001, json{{"type", "meta"}});
  const HttpReply refused = api.post(kEvents, list.dump());
  CHECK(refused.status == 400);
  CHECK(field_of(refused) == "body");
  CHECK(seqs_of(api.get(kEvents)).empty());
  list.erase(list.begin());
  CHECK(api.post(kEvents, list.dump()).status == 201);
  CHECK(seqs_of(api.get(kEvents)).size() == 1000);
}

TEST_CASE_TEMPLATE("events: limit, before_seq and after_seq choose, always in order", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (int i = 0; i < 6; ++i) api.say("x");
  const auto list = [&](const std::string& query) { return seqs_of(api.get(kEvents + query)); };
  CHECK(list("") == Seqs{1, 2, 3, 4, 5, 6});
  CHECK(list("?limit=2") == Seqs{5, 6});
  CHECK(list("?limit=2&before_seq=5") == Seqs{3, 4});
  CHECK(list("?limit=2&after_seq=1") == Seqs{2, 3});
  CHECK(list("?after_seq=1&before_seq=4") == Seqs{2, 3});
  CHECK(list("?after_seq=0&limit=1") == Seqs{1});
  CHECK(list("?before_seq=0").empty());
  CHECK(list("?after_seq=4294967295").empty());
  CHECK(list("?before_seq=4294967295&limit=10000").size() == 6);
}

TEST_CASE_TEMPLATE("events: max_tokens answers the longest recent run that fits, and its count", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (const int count : {5, 3, 2}) {
    api.post(kEvents, json{{"type", "meta"}, {"token_count", count}}.dump());
  }
  const HttpReply reply = api.get(kEvents + "?max_tokens=9");
  CHECK(seqs_of(reply) == Seqs{2, 3});
  CHECK(json::parse(reply.body).at("token_count") == 5);
  CHECK(api.get(kEvents + "?max_tokens=1").body == R"({"events":[],"token_count":0})");
  CHECK(seqs_of(api.get(kEvents + "?max_tokens=9223372036854775807")).size() == 3);
}

TEST_CASE_TEMPLATE("events: an unknown conversation is an empty list", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get("/v1/conversations/nobody/events").body == R"({"events":[]})");
  CHECK(api.get("/v1/conversations/nobody/events?max_tokens=5").body == R"({"events":[],"token_count":0})");
}

TEST_CASE_TEMPLATE("events: one is found by its id in its own conversation only", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const std::string id = api.say("x").at("id");
  CHECK(api.get(kEvents + "/" + id).status == 200);
  CHECK(api.get("/v1/conversations/d/events/" + id).status == 404);
  CHECK(api.get(kEvents + "/nothing").status == 404);
}

TEST_CASE_TEMPLATE("events: an event may be called last", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.post(kEvents, R"({"type":"meta","id":"last"})");
  api.say("after it");
  CHECK(json::parse(api.get(kEvents + "/last").body).at("seq") == 1);
}

TEST_CASE_TEMPLATE("events: the last one is removed and frees its number", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.say("one");
  api.say("two");
  const HttpReply removed = api.remove(kEvents + "/last");
  CHECK(removed.status == 204);
  CHECK(removed.body.empty());
  CHECK(api.say("again").at("seq") == 2);
  CHECK(api.remove("/v1/conversations/nobody/events/last").status == 404);
}

TEST_CASE_TEMPLATE("events: ids of any UTF-8, slashes and percent signs included, work in the path", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const std::string target = "/v1/conversations/a%2F%F0%9F%98%80%25%20b+c/events";
  const json stored = json::parse(api.post(target, R"({"type":"meta","id":"x/y"})").body);
  CHECK(stored.at("conversation_id") == "a/\xF0\x9F\x98\x80% b+c");
  CHECK(api.get(target + "/x%2Fy").status == 200);
}

TEST_CASE_TEMPLATE("events: a seq that is not the next, and an id that is taken, are conflicts", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.post(kEvents, R"({"type":"meta","id":"e"})");
  CHECK(api.post(kEvents, R"({"type":"meta","seq":3})").status == 409);
  CHECK(api.post(kEvents, R"({"type":"meta","seq":1})").status == 409);
  CHECK(api.post(kEvents, R"({"type":"meta","id":"e"})").status == 409);
  CHECK(api.post("/v1/conversations/d/events", R"({"type":"meta","id":"e"})").status == 409);
  const HttpReply in_list = api.post(kEvents, R"([{"type":"meta"},{"type":"meta","seq":9}])");
  CHECK(in_list.status == 409);
  CHECK(field_of(in_list) == "events[1].seq");
  CHECK(seqs_of(api.get(kEvents)) == Seqs{1});
  CHECK(api.post(kEvents, R"({"type":"meta","seq":2})").status == 201);
}

TEST_CASE_TEMPLATE("events: a request_id that is stored answers its event, even for a body that is wrong",
                   Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> rig;
  const char* target = "/v1/conversations/c/events";
  const HttpReply first = rig.post(target, R"({"type":"meta","request_id":"r"})");
  REQUIRE(first.status == 201);
  for (const char* body :
       {R"({"request_id":"r"})", R"({"type":"none","request_id":"r"})", R"({"request_id":"r","x":1})"}) {
    const HttpReply again = rig.post(target, body);
    CHECK(again.status == 200);
    CHECK(again.header("weir-duplicate") == "true");
    CHECK(again.body == first.body);
  }
  for (const char* body : {R"({"request_id":"other"})", R"({"request_id":7})", R"({"request_id":""})",
                           R"([{"request_id":"r"}])", "{"}) {
    CHECK(rig.post(target, body).status == 400);
  }
  CHECK(seqs_of(rig.get(target)) == std::vector<int>{1});
}
