// Many clients at once, as an application has them: all answered, all stored once, numbers dense, no lock
// error.

#include <doctest/doctest.h>

#include <atomic>
#include <numeric>
#include <set>

#include "service/api_rig.h"
#include "support/captured_log.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::service;
using namespace weir::testing;

namespace {

std::string message(const std::string& conversation, const std::string& request) {
  return json{{"message", "hello"}, {"conversation_id", conversation}, {"request_id", request}}.dump();
}

struct Load {
  int client;         // its number
  int messages;       // one after the other
  int conversations;  // over which the messages of all clients are spread
};

/// Sends a client's messages on a connection of its own. How many were answered.
int chat(std::uint16_t port, const Load& load) {
  HttpClient connection(port);
  int answered = 0;
  for (int i = 0; i < load.messages; ++i) {
    const int number = load.client * load.messages + i;
    const std::string body =
        message("c" + std::to_string(number % load.conversations), "request-" + std::to_string(number));
    const HttpReply reply =
        connection.call(Call{.method = "POST", .target = "/api/chat", .body = body}.text());
    if (reply.status == 200 && json::parse(reply.body)["response"] == "Echo: hello") ++answered;
  }
  return answered;
}

template <class Repo>
void check_stored_once(ApiRig<Repo>& rig, const std::string& conversation, int messages) {
  std::vector<int> dense(static_cast<std::size_t>(2 * messages));
  std::iota(dense.begin(), dense.end(), 1);
  const HttpReply reply = rig.get("/v1/conversations/" + conversation + "/events");
  CHECK(seqs_of(reply) == dense);
  std::set<std::string> requests;
  const json body = json::parse(reply.body);
  for (const json& event : body["events"]) requests.insert(event["request_id"]);
  CHECK(requests.size() == dense.size());
}

}  // namespace

TEST_CASE_TEMPLATE("chat load: 10 and 20 messages at once are answered and stored once", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  for (const int messages : {10, 20}) {
    weir::testing::for_rounds([&] {
      const CapturedLog log;
      ApiRig<Repo> rig;
      std::atomic<int> answered{0};
      run_at_once(static_cast<std::size_t>(messages), [&](std::size_t i) {
        answered += chat(rig.server.port(), {static_cast<int>(i), 1, 1});
      });
      REQUIRE(answered == messages);
      check_stored_once(rig, "c0", messages);
      REQUIRE(log.lines().empty());
    });
  }
}

TEST_CASE_TEMPLATE("chat load: 200 messages of 50 clients over 10 conversations are answered and stored once",
                   Repo, WEIR_BOTH_REPOSITORIES) {
  const CapturedLog log;
  ApiRig<Repo> rig;
  std::atomic<int> answered{0};
  run_at_once(50, [&](std::size_t i) { answered += chat(rig.server.port(), {static_cast<int>(i), 4, 10}); });
  CHECK(answered == 200);
  for (int c = 0; c < 10; ++c) check_stored_once(rig, "c" + std::to_string(c), 20);
  CHECK(log.lines().empty());
}

TEST_CASE(
    "chat load: a file served pooled, legacy and pooled again gives the same answers, and loses nothing") {
  using weir::repositories::sqlite::AsyncSqlRepo;
  using weir::repositories::sqlite::PooledSqlRepo;
  RepositoryRig files;
  EchoAssistant assistant;
  weir::history::ExtractiveSummariser summariser;
  const auto serve = [&](std::unique_ptr<weir::history::Repository> repo, int client) {
    RunningServer server(any_port(), all_routes({*repo, assistant, summariser, [] { return std::string(); }},
                                                ServerOptions{}));
    CHECK(chat(server.port(), {client, 6, 2}) == 6);
    HttpClient reader(server.port());
    const auto read = [&](const char* target) {
      return reader.call(Call{.method = "GET", .target = target}.text()).body;
    };
    return read("/v1/conversations/c0/events?limit=6") + read("/v1/conversations/c1/events?limit=6");
  };
  const std::string first = serve(files.make<PooledSqlRepo>(), 0);
  const std::string second = serve(files.make<AsyncSqlRepo>(), 0);  // the same requests again
  const std::string third = serve(files.make<PooledSqlRepo>(), 0);
  CHECK(first == second);
  CHECK(second == third);
  CHECK(serve(files.make<AsyncSqlRepo>(), 1) == serve(files.make<PooledSqlRepo>(), 1));
  CHECK(files.make<PooledSqlRepo>()->events({weir::history::ConversationId("c0")}).size() == 12);
}
