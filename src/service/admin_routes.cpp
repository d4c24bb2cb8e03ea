#include "weir/history/json_writer.h"
#include "weir/service/problem.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

using history::JsonWriter;

void write_list(JsonWriter& json, const std::vector<std::string>& texts) {
  json.begin_array();
  for (const std::string& text : texts) json.string(text);
  json.end_array();
}

Response refused(const ReloadReport& report, const Request& request) {
  Response response{.status = 422, .content_type = "application/problem+json"};
  JsonWriter json(response.body);
  json.begin_object();
  json.key("type").string("about:blank");
  json.key("title").string(reason_phrase(response.status));
  json.key("status").unsigned_integer(response.status);
  json.key("detail").string("the old configuration is still in force");
  json.key("repository").string(report.repository);
  write_list(json.key("errors"), report.errors);
  if (!request.id.empty()) json.key("request_id").string(request.id);
  json.end_object();
  return response;
}

Response post_reload(const std::function<ReloadReport()>& reload, const Request& request) {
  require_empty(request);
  const ReloadReport report = reload();
  if (!report.errors.empty()) return refused(report, request);
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("repository").string(report.repository);
  write_list(json.key("restart_needed"), report.restart_needed);
  json.end_object();
  return response;
}

}  // namespace

std::vector<Route> admin_routes(const Backend& backend) {
  return {{.method = "POST",
           .path = "/v1/admin/reload",
           .lane = Lane::kWrite,
           .handler = [reload = backend.reload](const Request& request, const PathArguments&) {
             return post_reload(reload, request);
           }}};
}

}  // namespace weir::service
