#include "weir/history/json_writer.h"
#include "weir/service/problem.h"
#include "weir/service/routes.h"

namespace weir::service {

std::vector<Route> retention_routes(const Backend& backend) {
  const auto apply = [&repository = backend.repository](const Request& request, const PathArguments&) {
    require_empty(request);
    const std::int64_t deleted = repository.apply_retention(repository.info().retention);
    Response response;
    history::JsonWriter(response.body).begin_object().key("deleted_events").integer(deleted).end_object();
    return response;
  };
  return {{.method = "POST", .path = "/v1/retention", .lane = Lane::kWrite, .handler = apply}};
}

}  // namespace weir::service
