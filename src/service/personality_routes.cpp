#include "weir/service/routes.h"

namespace weir::service {

std::vector<Route> personality_routes(const Backend&) {
  return {};
}

}  // namespace weir::service
