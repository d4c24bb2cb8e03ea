#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <set>

#include "service/api_rig.h"
#include "service/socket_rig.h"
#include "support/environment_number.h"

using namespace weir::service;
using weir::history::EventType;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

std::string post_chat(std::uint16_t port, const json& body) {
  return HttpClient(port)
      .call(Call{.method = "POST", .target = "/api/chat", .body = body.dump()}.text())
      .body;
}

}  // namespace

TEST_CASE_TEMPLATE(
    "chat socket: a message is acknowledged, its answer comes in pieces, then whole as it is stored", Repo,
    WEIR_BOTH_REPOSITORIES) {
  SocketRig<Repo> rig;
  WebSocketClient client(rig.port());
  client.say({{"message", "one two three four five"},
              {"conversation_id", "c"},
              {"request_id", "r"},
              {"modality", "voice"}});
  const std::vector<json> frames = client.hear_answer();
  const auto stored = rig.events("c");
  REQUIRE(stored.size() == 2);
  REQUIRE(frames.size() == 4);
  CHECK(frames[0] == json{{"type", "ack"}, {"event_id", stored[0].id.value()}, {"seq", 1}});
  CHECK(frames[1] == json{{"type", "delta"}, {"content", "Echo: one two "}});
  CHECK(frames[2] == json{{"type", "delta"}, {"content", "three four five"}});
  CHECK(frames[3]["type"] == "message");
  CHECK(frames[3]["event"]["id"] == stored[1].id.value());
  CHECK(frames[3]["event"]["content"] == "Echo: one two three four five");
  CHECK(frames[3]["event"]["model"] == "echo");
  CHECK(frames[3]["event"]["seq"] == 2);
  CHECK(frames[3]["event"]["extra"] == json{{"user_request_id", "r"}, {"modality", "voice"}});
  CHECK(stored[1].type == EventType::kAssistantMessage);
}

TEST_CASE_TEMPLATE("chat socket: a repeated request_id gets the same message, over either way to chat", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  SocketRig<Repo> rig;
  WebSocketClient client(rig.port());
  const json by_socket = {{"message", "one"}, {"request_id", "r"}};
  const json first = client.ask(by_socket);
  client.say({{"message", "other words"}, {"request_id", "r"}});
  const auto again = client.hear_answer();
  REQUIRE(again.size() == 2);  // no pieces
  CHECK(again[0]["type"] == "ack");
  CHECK(again[0]["seq"] == 1);
  CHECK(again[1] == first);
  CHECK(json::parse(post_chat(rig.port(), by_socket))["message_id"] == first["event"]["id"]);

  const json by_http = {{"message", "two"}, {"request_id", "s"}};
  const json posted = json::parse(post_chat(rig.port(), by_http));
  CHECK(client.ask(by_http)["event"]["id"] == posted["message_id"]);
  CHECK(rig.events("default").size() == 4);
}

TEST_CASE("chat socket: a message that is wrong gets an error that names it, and the next is answered") {
  SocketRig<PooledSqlRepo> rig;
  WebSocketClient client(rig.port());
  const json no_message = client.ask({{"message", ""}, {"request_id", "r"}});
  CHECK(no_message["type"] == "error");
  CHECK(no_message["status"] == 400);
  CHECK(no_message["field"] == "message");
  CHECK(no_message["request_id"] == "r");
  client.send(client_frame(Opcode::kText, ""));
  const json empty = client.hear();
  CHECK(empty["status"] == 400);
  CHECK_FALSE(empty.contains("request_id"));
  client.send(client_frame(Opcode::kText, R"({"message":"hi","request_id":"\u0000"})"));
  CHECK_FALSE(client.hear().contains("request_id"));
  CHECK(client.ask({{"message", "right"}})["type"] == "message");
  CHECK(rig.events("default").size() == 2);
}

TEST_CASE("chat socket: messages sent at once are answered one after the other, in order") {
  SocketRig<PooledSqlRepo> rig;
  WebSocketClient client(rig.port());
  for (int i = 0; i < 30; ++i) client.say({{"message", std::to_string(i)}});
  for (int i = 0; i < 30; ++i) {
    CHECK(client.hear_answer().back()["event"]["content"] == "Echo: " + std::to_string(i));
  }
  CHECK(rig.events("default").back().seq == 60);
}

// client:    say ──────► gone
// assistant:     asked │      │ let go ──► answers
// store:               1 event           2 events
TEST_CASE_TEMPLATE("chat socket: the answer to a client that vanished is stored all the same", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  SocketRig<Repo, HeldAssistant> rig;
  {
    WebSocketClient client(rig.port());
    client.say({{"message", "going"}, {"request_id", "r"}});
    rig.assistant.wait_for(1);
    CHECK(rig.events("default").size() == 1);
  }
  rig.assistant.let_go();
  weir::testing::spin_until([&] {
    const auto events = rig.events("default");
    return events.back().type == EventType::kAssistantMessage;
  });
  const auto events = rig.events("default");
  REQUIRE(events.size() == 2);
  CHECK(events[1].content->plain_text() == "Echo: going");
}

TEST_CASE_TEMPLATE("chat socket: twenty clients at once are all answered, and no piece is left behind", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  SocketRig<Repo> rig;
  constexpr std::size_t kClients = 20;
  constexpr int kMessages = 5;
  std::array<int, kClients> answered{};
  weir::testing::run_at_once(kClients, [&](std::size_t i) {
    WebSocketClient client(rig.port());
    for (int message = 0; message < kMessages; ++message) {
      const std::string text = std::to_string(i) + " says for the time " + std::to_string(message);
      const json answer = client.ask({{"message", text}, {"conversation_id", "c" + std::to_string(i % 4)}});
      answered[i] += answer.is_object() && answer["event"]["content"] == "Echo: " + text;
    }
  });
  for (const int count : answered) CHECK(count == kMessages);
  for (int c = 0; c < 4; ++c) {
    const auto events = rig.events("c" + std::to_string(c));
    CHECK(events.size() == 2 * kMessages * kClients / 4);
    for (const auto& event : events) CHECK(event.type != EventType::kMeta);
  }
}

// Four clients ask the same at once: one message and one answer are stored, and all four get that answer.
TEST_CASE_TEMPLATE("chat socket: clients that race for one request_id get one answer", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  SocketRig<Repo> rig;
  std::array<std::optional<WebSocketClient>, 4> clients;
  for (auto& client : clients) client.emplace(rig.port());
  const int rounds = weir::testing::environment_number("WEIR_SCENARIO_ROUNDS", 20);
  for (int round = 0; round < rounds; ++round) {
    std::array<std::string, 4> ids;
    weir::testing::run_at_once(clients.size(), [&](std::size_t i) {
      const json answer =
          clients[i]->ask({{"message", "a b c d e f g"}, {"request_id", "r" + std::to_string(round)}});
      ids[i] = answer.value("/event/id"_json_pointer, std::string("none"));
    });
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 1);
    CHECK_FALSE(ids[0] == "none");
  }
  CHECK(rig.events("default").size() == static_cast<std::size_t>(2 * rounds));
}
