#include <doctest/doctest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "service/running_server.h"
#include "support/scratch_directory.h"
#include "support/threads.h"
#include "weir/repositories/sqlite/async_sql_repo.h"
#include "weir/repositories/sqlite/pooled_sql_repo.h"
#include "weir/service/prometheus_observer.h"
#include "weir/service/routes.h"

using namespace weir::service;
using nlohmann::json;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

constexpr std::size_t kClients = 20;
constexpr int kChats = 3;  // of each client

/// All of `weir serve` but its command line.
template <class Repo>
struct Program {
  weir::testing::ScratchDirectory folder;
  weir::repositories::SystemClock clock;
  PrometheusObserver observer;
  Repo repository{{.path = folder / "history.db"}, {clock, observer, 42}};
  EchoAssistant assistant;
  weir::history::ExtractiveSummariser summariser;
  RunningServer server{any_port(),
                       all_routes({repository, assistant, summariser,
                                   [this] { return observer.render(repository.info(), repository.stats()); }},
                                  ServerOptions{})};
};

std::string chat_about(std::size_t client, int chat) {
  const std::string name = std::to_string(client) + "/" + std::to_string(chat);
  return json{{"message", name}, {"conversation_id", "c"}, {"request_id", name}}.dump();
}

/// One client's turn, on a connection of its own: chats, and a look at everything that others change
/// meanwhile.
int count_wrong_answers(std::uint16_t port, std::size_t client) {
  HttpClient http(port);
  const auto status = [&http](const Call& call) { return http.call(call.text()).status; };
  int wrong = 0;
  for (int chat = 0; chat < kChats; ++chat) {
    wrong += status({.method = "POST", .target = "/api/chat", .body = chat_about(client, chat)}) != 200;
    for (const char* target : {"/v1/conversations/c/events", "/v1/conversations", "/health", "/metrics"}) {
      wrong += status({.method = "GET", .target = target}) != 200;
    }
  }
  return wrong;
}

}  // namespace

TEST_CASE_TEMPLATE(
    "service: clients who chat, read, scrape and probe at once are all answered, and all is stored", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  Program<Repo> program;
  std::atomic<int> wrong = 0;
  weir::testing::run_at_once(
      kClients, [&](std::size_t client) { wrong += count_wrong_answers(program.server.port(), client); });
  CHECK(wrong == 0);

  const auto events = program.repository.events({.conversation_id = weir::history::ConversationId("c")}, {});
  REQUIRE(events.size() == kClients * kChats * 2);
  for (std::size_t i = 0; i < events.size(); ++i) CHECK(events[i].seq == static_cast<std::int64_t>(i) + 1);

  program.server.drain();
  CHECK(program.server.wait() == Drained::kClean);
}
