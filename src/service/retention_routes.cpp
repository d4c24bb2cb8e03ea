#include "weir/history/json_writer.h"
#include "weir/service/routes.h"

namespace weir::service {

std::vector<Route> retention_routes(const Backend& backend) {
  const auto apply = [&repository = backend.repository, policy = backend.retention](const Request&,
                                                                                    const PathArguments&) {
    Response response;
    history::JsonWriter json(response.body);
    json.begin_object().key("deleted_events").integer(repository.apply_retention(policy)).end_object();
    return response;
  };
  return {{.method = "POST", .path = "/v1/retention", .lane = Lane::kWrite, .handler = apply}};
}

}  // namespace weir::service
