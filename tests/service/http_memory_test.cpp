#include <doctest/doctest.h>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

template <class Rig>
void talk(Rig& api, int turns) {
  for (int i = 0; i < turns; ++i) {
    api.say("question " + std::to_string(i));
    api.post("/v1/conversations/c/events",
             R"({"type":"assistant_message","content":[{"type":"text","text":"answer"}]})");
  }
}

template <class Rig>
HttpReply put(Rig& api, const std::string& target, const std::string& body) {
  return api.call({.method = "PUT", .target = target, .body = body});
}

}  // namespace

TEST_CASE_TEMPLATE("memory: a conversation is made by PUT, renamed by the next, and read", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get("/v1/conversations/c").status == 404);
  const HttpReply made = put(api, "/v1/conversations/c", R"({"title":"Tea"})");
  CHECK(made.status == 201);
  CHECK(json::parse(made.body).at("title") == "Tea");
  const HttpReply renamed = put(api, "/v1/conversations/c", R"({"title":"Green tea"})");
  CHECK(renamed.status == 200);
  CHECK(json::parse(renamed.body).at("title") == "Green tea");
  CHECK(put(api, "/v1/conversations/c", "{}").status == 200);
  CHECK(json::parse(api.get("/v1/conversations/c").body) == json::parse(renamed.body));
  CHECK(json::parse(api.get("/v1/conversations").body).at("conversations").at(0) ==
        json::parse(renamed.body));
}

TEST_CASE_TEMPLATE("memory: a title that is none is refused by its name", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (const char* body : {R"({"title":""})", R"({"title":5})", R"({"title":"a\nb"})"}) {
    const HttpReply reply = put(api, "/v1/conversations/c", body);
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == "title");
  }
  CHECK(field_of(put(api, "/v1/conversations/c", R"({"name":"x"})")) == "name");
  CHECK(field_of(put(api, "/v1/conversations/c", R"([])")) == "body");
  CHECK(api.get("/v1/conversations/c").status == 404);
}

TEST_CASE_TEMPLATE("memory: messages come in the shape of chat completions", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  talk(api, 2);
  api.post("/v1/conversations/c/events", R"({"type":"meta"})");
  const json expected = {{{"role", "system"}, {"content", "Be brief."}},
                         {{"role", "user"}, {"content", "question 1"}},
                         {{"role", "assistant"}, {"content", {{{"type", "text"}, {"text", "answer"}}}}}};
  const HttpReply reply = api.get("/v1/conversations/c/messages?limit=2&system_prompt=Be%20brief.");
  CHECK(json::parse(reply.body).at("messages") == expected);
  CHECK(json::parse(api.get("/v1/conversations/c/messages").body).at("messages").size() == 4);
  CHECK(json::parse(api.get("/v1/conversations/none/messages").body).at("messages").empty());
  CHECK(field_of(api.get("/v1/conversations/c/messages?limit=0")) == "limit");
}

TEST_CASE_TEMPLATE("memory: a context is summaries and the end word by word, and says what became of which",
                   Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  talk(api, 25);
  const json context = json::parse(api.get("/v1/conversations/c/context?recent=10").body);
  CHECK(
      context.at("metadata") ==
      json{{"total_messages", 50}, {"summarized_count", 40}, {"verbatim_count", 10}, {"summaries_used", 2}});
  const json& messages = context.at("messages");
  REQUIRE(messages.size() == 12);
  CHECK(messages.at(0).at("role") == "system");
  CHECK(messages.at(0).at("content").get<std::string>().find("question 0") != std::string::npos);
  CHECK(messages.at(2) == json{{"role", "user"}, {"content", "question 20"}});

  const json summaries = json::parse(api.get("/v1/conversations/c/summaries").body).at("summaries");
  REQUIRE(summaries.size() == 2);
  CHECK(summaries.at(1).at("first_seq") == 21);
  CHECK(summaries.at(1).at("last_seq") == 40);
  CHECK(summaries.at(1).at("message_count") == 20);

  CHECK(api.remove("/v1/conversations/c/summaries").status == 204);
  CHECK(json::parse(api.get("/v1/conversations/c/summaries").body).at("summaries").empty());
  CHECK(api.remove("/v1/conversations/none/summaries").status == 404);
}

TEST_CASE_TEMPLATE("memory: the verbatim part is chosen by count or by tokens, not by both", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  talk(api, 3);
  const json by_tokens = json::parse(api.get("/v1/conversations/c/context?max_tokens=5").body);
  CHECK(by_tokens.at("metadata").at("verbatim_count") == 2);
  CHECK(by_tokens.at("metadata").at("summarized_count") == 4);
  CHECK(field_of(api.get("/v1/conversations/c/context?max_tokens=5&recent=2")) == "max_tokens");
  CHECK(field_of(api.get("/v1/conversations/c/context?recent=-1")) == "recent");
  const json all = json::parse(api.get("/v1/conversations/c/context").body);
  CHECK(all.at("metadata").at("verbatim_count") == 6);
}

TEST_CASE_TEMPLATE("memory: a streamed reply is compacted into one message, and repeating it changes nothing",
                   Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.post("/v1/conversations/c/events", R"({"type":"user_message","content":"?","request_id":"q"})");
  for (const char* piece : {"Gre", "en"}) {
    const json delta = {{"type", "meta"},
                        {"content", piece},
                        {"extra", {{"kind", "assistant_delta"}, {"user_request_id", "q"}}}};
    api.post("/v1/conversations/c/events", delta.dump());
  }
  const std::string body = R"({"user_request_id":"q","content":"Green","model":"m",)"
                           R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}})";
  const HttpReply reply = api.post("/v1/conversations/c/compact", body);
  CHECK(reply.status == 200);
  const json message = json::parse(reply.body);
  CHECK(message.at("type") == "assistant_message");
  CHECK(message.at("content") == "Green");
  CHECK(message.at("seq") == 2);
  CHECK(message.at("usage").at("total_tokens") == 3);
  CHECK(seqs_of(api.get("/v1/conversations/c/events")) == std::vector<int>{1, 2});
  CHECK(api.post("/v1/conversations/c/compact", body).body == reply.body);
}

TEST_CASE_TEMPLATE("memory: a compaction that says too little or too much is refused by the field", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const auto field = [&](const char* body) {
    const HttpReply reply = api.post("/v1/conversations/c/compact", body);
    CHECK(reply.status == 400);
    return field_of(reply);
  };
  CHECK(field(R"({"content":"x"})") == "user_request_id");
  CHECK(field(R"({"user_request_id":"","content":"x"})") == "user_request_id");
  CHECK(field(R"({"user_request_id":"q"})") == "content");
  CHECK(field(R"({"user_request_id":"q","content":5})") == "content");
  CHECK(field(R"({"user_request_id":"q","content":"x","usage":{}})") == "usage");
  CHECK(field(R"({"user_request_id":"q","content":"x","text":"x"})") == "text");
}

TEST_CASE_TEMPLATE("memory: chat and answer keep the modality that the message was said in", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.post("/api/chat", R"({"message":"hi","conversation_id":"c","modality":"voice","request_id":"r"})");
  const json events = json::parse(api.get("/v1/conversations/c/events").body).at("events");
  REQUIRE(events.size() == 2);
  CHECK(events.at(0).at("extra") == json{{"modality", "voice"}});
  CHECK(events.at(1).at("extra") == json{{"modality", "voice"}, {"user_request_id", "r"}});
  CHECK(field_of(api.post("/api/chat", R"({"message":"hi","modality":""})")) == "modality");
}
