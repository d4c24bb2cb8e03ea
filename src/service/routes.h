#pragma once

#include <functional>
#include <string>
#include <vector>

#include "weir/history/repository.h"
#include "weir/history/summariser.h"
#include "weir/service/assistant.h"
#include "weir/service/reload_report.h"
#include "weir/service/router.h"
#include "weir/service/server_options.h"

namespace weir::service {

/// What the calls are answered from.
///
/// Lifetime: what it refers to outlives the routes made from it.
struct Backend {
  history::Repository& repository;
  Assistant& assistant;
  history::Summariser& summariser;
  std::function<std::string()> metrics;    ///< the text of /metrics; does not block
  std::function<ReloadReport()> reload{};  ///< reads the configuration again and puts it in force
};

/// Every call of the service. docs/openapi.yaml lists them; a test holds the two together.
std::vector<Route> all_routes(const Backend& backend, const ServerOptions& options);

/// The calls of one resource each.
std::vector<Route> event_routes(history::ChatRepository& repository);
std::vector<Route> conversation_routes(history::ChatRepository& repository);
std::vector<Route> memory_routes(const Backend& backend, const ServerOptions& options);
std::vector<Route> settings_routes(const Backend& backend);
std::vector<Route> personality_routes(const Backend& backend);
std::vector<Route> search_routes(const Backend& backend);
std::vector<Route> retention_routes(const Backend& backend);
std::vector<Route> chat_routes(const Backend& backend, const ServerOptions& options);
std::vector<Route> admin_routes(const Backend& backend);
std::vector<Route> health_routes(const Backend& backend);
std::vector<Route> status_page_routes();

}  // namespace weir::service
