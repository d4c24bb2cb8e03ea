#include "weir/service/routes.h"

namespace weir::service {

std::vector<Route> retention_routes(const Backend&) {
  return {};
}

}  // namespace weir::service
