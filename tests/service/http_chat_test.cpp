#include <doctest/doctest.h>

#include <atomic>
#include <set>

#include "service/api_rig.h"
#include "support/environment_number.h"
#include "support/threads.h"

using namespace weir::service;

namespace {

std::string chat_body(const std::string& message, const std::string& conversation,
                      const std::string& request) {
  return json{{"message", message}, {"conversation_id", conversation}, {"request_id", request}}.dump();
}

}  // namespace

TEST_CASE_TEMPLATE("chat: message and answer are stored, and the answer is told", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const HttpReply reply = api.post("/api/chat", chat_body("good morning", "c", "r"));
  CHECK(reply.status == 200);
  CHECK(reply.header("weir-duplicate").empty());
  const json told = json::parse(reply.body);
  CHECK(told.at("response") == "Echo: good morning");
  CHECK(told.at("conversation_id") == "c");

  const json events = json::parse(api.get("/v1/conversations/c/events").body).at("events");
  REQUIRE(events.size() == 2);
  CHECK(events[0].at("id") == told.at("user_message_id"));
  CHECK(events[0].at("type") == "user_message");
  CHECK(events[0].at("role") == "user");
  CHECK(events[0].at("content") == "good morning");
  CHECK(events[0].at("request_id") == "r");
  CHECK(events[1].at("id") == told.at("message_id"));
  CHECK(events[1].at("type") == "assistant_message");
  CHECK(events[1].at("role") == "assistant");
  CHECK(events[1].at("content") == "Echo: good morning");
  CHECK(events[1].at("model") == "echo");
  CHECK(events[1].at("extra") == json{{"user_request_id", "r"}});
}

TEST_CASE_TEMPLATE("chat: without a conversation it is the default one", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(json::parse(api.post("/api/chat", R"({"message":"hi"})").body).at("conversation_id") == "default");
  CHECK(seqs_of(api.get("/v1/conversations/default/events")).size() == 2);
}

TEST_CASE_TEMPLATE("chat: a repeated request_id returns the stored answer and stores nothing", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const HttpReply first = api.post("/api/chat", chat_body("one", "c", "r"));
  api.post("/api/chat", chat_body("two", "c", "s"));
  const HttpReply again = api.post("/api/chat", chat_body("other words", "c", "r"));
  CHECK(again.status == 200);
  CHECK(again.header("weir-duplicate") == "true");
  CHECK(again.body == first.body);
  CHECK(seqs_of(api.get("/v1/conversations/c/events")).size() == 4);
}

TEST_CASE_TEMPLATE("chat: a message that was stored without its answer is answered by its repetition", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.post("/v1/conversations/c/events",
           R"({"type":"user_message","role":"user","content":"one","request_id":"r"})");
  api.post("/api/chat", chat_body("two", "c", "s"));
  const json told = json::parse(api.post("/api/chat", chat_body("one", "c", "r")).body);
  CHECK(told.at("response") == "Echo: one");
  CHECK(seqs_of(api.get("/v1/conversations/c/events")).size() == 4);
}

TEST_CASE_TEMPLATE("chat: a request_id that names something else is a conflict", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.post("/v1/conversations/c/events", R"({"type":"meta","request_id":"r"})");
  const HttpReply reply = api.post("/api/chat", chat_body("one", "c", "r"));
  CHECK(reply.status == 409);
  CHECK(field_of(reply) == "request_id");
  CHECK(seqs_of(api.get("/v1/conversations/c/events")).size() == 1);
}

TEST_CASE_TEMPLATE("chat: wrong bodies are refused by their field, and nothing is stored", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  struct Wrong {
    std::string body;
    std::string field;
  };
  const std::vector<Wrong> wrong = {{R"({"message":""})", "message"},
                                    {R"({"text":"hi"})", "text"},
                                    {R"({"message":"hi","request_id":""})", "request_id"},
                                    {R"({"message":"hi","conversation_id":"a\nb"})", "conversation_id"},
                                    {R"({"message":"hi")", "body"}};
  for (const Wrong& one : wrong) {
    CAPTURE(one.body);
    const HttpReply reply = api.post("/api/chat", one.body);
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == one.field);
  }
  CHECK(json::parse(api.get("/v1/conversations").body).at("conversations").empty());
}

// Four clients send the same message at once: one message and one answer are stored, all four get that
// answer.
TEST_CASE_TEMPLATE("chat: calls that race for one request_id get one answer", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const int rounds = weir::testing::environment_number("WEIR_SCENARIO_ROUNDS", 20);
  for (int round = 0; round < rounds; ++round) {
    const std::string body = chat_body("hi", "c", "r" + std::to_string(round));
    std::array<std::string, 4> answers;
    weir::testing::Threads threads;
    for (std::string& answer : answers) {
      threads.start([&answer, &body, port = api.server.port()] {
        answer =
            HttpClient(port).call(Call{.method = "POST", .target = "/api/chat", .body = body}.text()).body;
      });
    }
    threads.join();
    CHECK(std::set<std::string>(answers.begin(), answers.end()).size() == 1);
  }
  CHECK(seqs_of(api.get("/v1/conversations/c/events?limit=10000")).size() ==
        static_cast<std::size_t>(2 * rounds));
}

TEST_CASE_TEMPLATE(
    "chat: 200 messages of 50 clients in 10 conversations are all answered, stored once, and dense", Repo,
    WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  std::atomic<int> answered = 0;
  weir::testing::Threads threads;
  for (int client = 0; client < 50; ++client) {
    threads.start([&answered, client, port = api.server.port()] {
      HttpClient connection(port);
      for (int i = 0; i < 4; ++i) {
        const std::string request = std::to_string(client) + "-" + std::to_string(i);
        const std::string body = chat_body(request, "c" + std::to_string(client % 10), request);
        const HttpReply reply =
            connection.call(Call{.method = "POST", .target = "/api/chat", .body = body}.text());
        if (reply.status == 200 && json::parse(reply.body).at("response") == "Echo: " + request) ++answered;
      }
    });
  }
  threads.join();
  CHECK(answered == 200);
  std::vector<int> dense;
  for (int seq = 1; seq <= 40; ++seq) dense.push_back(seq);
  for (int c = 0; c < 10; ++c)
    CHECK(seqs_of(api.get("/v1/conversations/c" + std::to_string(c) + "/events")) == dense);
}
