#include "weir/service/routes.h"

#include <iterator>

namespace weir::service {

std::vector<Route> all_routes(const Backend& backend, const ServerOptions& options) {
  std::vector<Route> all;
  for (std::vector<Route> some :
       {event_routes(backend.repository), conversation_routes(backend.repository),
        memory_routes(backend, options), settings_routes(backend), personality_routes(backend),
        search_routes(backend), retention_routes(backend), chat_routes(backend, options),
        admin_routes(backend), health_routes(backend), status_page_routes()}) {
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return all;
}

}  // namespace weir::service
