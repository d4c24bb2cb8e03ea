#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "service/running_server.h"
#include "support/repository_rig.h"
#include "weir/service/routes.h"

/// The calls must not tell one repository from the other, so each is tested over both.
#define WEIR_BOTH_REPOSITORIES \
  weir::repositories::sqlite::PooledSqlRepo, weir::repositories::sqlite::AsyncSqlRepo

namespace weir::service {

using nlohmann::json;

/// The whole service over a database of its own, and a client of it.
template <class Repo>
class ApiRig {
 public:
  ApiRig() = default;
  explicit ApiRig(const repositories::sqlite::SearchOptions& search) : storage(search) {}

  HttpReply get(const std::string& target) { return call({.method = "GET", .target = target}); }
  HttpReply remove(const std::string& target) { return call({.method = "DELETE", .target = target}); }
  HttpReply post(const std::string& target, const std::string& body) {
    return call({.method = "POST", .target = target, .body = body});
  }
  HttpReply call(const Call& what) { return client.call(what.text()); }

  /// Appends a user message of conversation `c`.
  json say(const std::string& text) {
    const json event = {{"type", "user_message"}, {"role", "user"}, {"content", text}};
    return json::parse(post("/v1/conversations/c/events", event.dump()).body);
  }

  testing::RepositoryRig storage;
  std::unique_ptr<Repo> repository = storage.make<Repo>();
  EchoAssistant assistant;
  history::ExtractiveSummariser summariser;
  RunningServer server{
      any_port(), all_routes({*repository, assistant, summariser, [] { return std::string("# empty\n"); }},
                             ServerOptions{})};
  HttpClient client{server.port()};
};

inline std::vector<int> seqs_of(const HttpReply& reply) {
  std::vector<int> seqs;
  const json body = json::parse(reply.body);
  for (const json& event : body.at("events")) seqs.push_back(event.at("seq").get<int>());
  return seqs;
}

inline std::string field_of(const HttpReply& reply) {
  return json::parse(reply.body).value("field", std::string());
}

}  // namespace weir::service
