#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

/// What the sqlite3 program says to `sql`, from outside.
std::string asked_outside(const std::string& database, const std::string& sql) {
  const std::string command = "sqlite3 '" + database + "' '" + sql + "' 2>&1";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string output;
  std::array<char, 256> piece{};
  while (std::fgets(piece.data(), piece.size(), pipe.get()) != nullptr) output += piece.data();
  return output;
}

}  // namespace

TEST_CASE_TEMPLATE("health: it names the repository and its figures, and takes no connection", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.say("x");
  const json before = json::parse(api.get("/health").body);
  const HttpReply reply = api.get("/health");
  CHECK(reply.status == 200);
  const json health = json::parse(reply.body);
  CHECK(health.at("status") == "ok");
  CHECK(health.at("repository") == api.repository->info().name);
  CHECK_FALSE(health.contains("reason"));
  const json& stats = health.at("repository_stats");
  for (const char* key :
       {"read_connections_created", "write_connections_created", "read_acquisitions", "write_acquisitions",
        "connection_errors", "health_checks_performed", "read_pool_size", "write_pool_size", "read_pool_max",
        "read_pool_in_use", "read_pool_waiters", "write_pool_max", "write_pool_in_use", "write_pool_waiters",
        "wal_bytes"}) {
    CAPTURE(key);
    CHECK(stats.at(key).is_number_unsigned());
  }
  CHECK(stats.at("write_acquisitions") == 1);
  CHECK(stats.at("read_acquisitions") == before.at("repository_stats").at("read_acquisitions"));
  CHECK(stats.at("journal_mode") == "wal");
  CHECK(stats.at("synchronous") == "normal");
  CHECK(stats.at("busy_timeout") == 5.0);
  CHECK(stats.at("wal_reset_fixed").is_boolean());
  CHECK(stats.at("sqlite_version").get<std::string>().starts_with("3."));
}

TEST_CASE_TEMPLATE(
    "health: after 100 writes integrity and WAL mode are seen from outside, and the busy timeout here", Repo,
    WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (int i = 0; i < 100; ++i) api.say("x");
  CHECK(asked_outside(api.storage.options.path,
                      "PRAGMA integrity_check; PRAGMA journal_mode; SELECT count(*) FROM events") ==
        "ok\nwal\n100\n");
  const json stats = json::parse(api.get("/health").body).at("repository_stats");
  CHECK(stats.at("journal_mode") == "wal");
  CHECK(stats.at("busy_timeout") == 5.0);
}

TEST_CASE("health: metrics are handed through as Prometheus text") {
  ApiRig<weir::repositories::sqlite::PooledSqlRepo> api;
  const HttpReply reply = api.get("/metrics");
  CHECK(reply.status == 200);
  CHECK(reply.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(reply.body == "# empty\n");
}

TEST_CASE_TEMPLATE("health: a repository whose file was taken away answers 503 and the reason", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.say("x");
  std::filesystem::remove(api.storage.options.path);
  CHECK(api.post("/v1/conversations/c/events", R"({"type":"meta"})").status >= 500);
  const HttpReply reply = api.get("/health");
  CHECK(reply.status == 503);
  CHECK(json::parse(reply.body).at("status") == "failed");
  CHECK_FALSE(json::parse(reply.body).at("reason").get<std::string>().empty());
}

TEST_CASE("health: while the service drains it is failed, draining") {
  ApiRig<weir::repositories::sqlite::PooledSqlRepo> api;
  Request request;
  request.phase = Phase::kDraining;
  EchoAssistant assistant;
  weir::history::ExtractiveSummariser summariser;
  const std::vector<Route> routes = health_routes({*api.repository, assistant, summariser, {}});
  const Response response = routes.front().handler(request, {});
  CHECK(response.status == 503);
  CHECK(json::parse(response.body).at("status") == "failed");
  CHECK(json::parse(response.body).at("reason") == "draining");
}
