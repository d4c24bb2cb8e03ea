#include <array>
#include <charconv>

#include "weir/history/json_writer.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

using history::JsonWriter;
using history::RepositoryHealth;

std::string_view name_of(RepositoryHealth::Status status) {
  switch (status) {
    case RepositoryHealth::Status::kOk:
      return "ok";
    case RepositoryHealth::Status::kDegraded:
      return "degraded";
    case RepositoryHealth::Status::kFailed:
      return "failed";
  }
  return "failed";
}

/// The shortest digits that read back as `value`.
void write_number(JsonWriter& json, double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  json.raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void write_pool(JsonWriter& json, const std::string& pool, const history::PoolState& state) {
  json.key(pool + "_pool_size").unsigned_integer(state.available);
  json.key(pool + "_pool_max").unsigned_integer(state.max);
  json.key(pool + "_pool_in_use").unsigned_integer(state.in_use);
  json.key(pool + "_pool_waiters").unsigned_integer(state.waiters);
}

void write_stats(JsonWriter& json, const history::RepositoryStats& stats) {
  json.key("read_connections_created").unsigned_integer(stats.read_connections_created);
  json.key("write_connections_created").unsigned_integer(stats.write_connections_created);
  json.key("read_acquisitions").unsigned_integer(stats.read_acquisitions);
  json.key("write_acquisitions").unsigned_integer(stats.write_acquisitions);
  json.key("connection_errors").unsigned_integer(stats.connection_errors);
  json.key("health_checks_performed").unsigned_integer(stats.health_checks_performed);
  write_pool(json, "read", stats.read);
  write_pool(json, "write", stats.write);
  json.key("wal_bytes").unsigned_integer(stats.wal_bytes);
}

void write_info(JsonWriter& json, const history::RepositoryInfo& info) {
  json.key("sqlite_version").string(info.sqlite_version);
  json.key("wal_reset_fixed").boolean(info.wal_reset_fixed);
  json.key("locking").string(info.locking);
  json.key("journal_mode").string(info.journal_mode);
  json.key("synchronous").string(info.synchronous);
  write_number(json.key("busy_timeout"), info.busy_timeout_seconds);
}

/// A service that drains is as good as gone to whoever asks where to send the next request.
RepositoryHealth health_now(const history::ChatRepository& repository, Phase phase) {
  if (phase == Phase::kDraining) return {RepositoryHealth::Status::kFailed, "draining"};
  return repository.health();
}

Response get_health(const history::ChatRepository& repository, Phase phase) {
  const RepositoryHealth health = health_now(repository, phase);
  const history::RepositoryInfo info = repository.info();
  Response response{.status = health.status == RepositoryHealth::Status::kFailed ? 503U : 200U};
  JsonWriter json(response.body);
  json.begin_object();
  json.key("status").string(name_of(health.status));
  if (!health.reason.empty()) json.key("reason").string(health.reason);
  json.key("repository").string(info.name);
  json.key("repository_stats").begin_object();
  write_stats(json, repository.stats());
  write_info(json, info);
  json.end_object().end_object();
  return response;
}

Response get_metrics(const std::function<std::string()>& metrics) {
  return Response{.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics()};
}

}  // namespace

std::vector<Route> health_routes(const Backend& backend) {
  return {
      {.method = "GET",
       .path = "/health",
       .lane = Lane::kInline,
       .handler = [&repository = backend.repository](
                      const Request& request,
                      const PathArguments&) { return get_health(repository, request.phase); }},
      {.method = "GET",
       .path = "/metrics",
       .lane = Lane::kInline,
       .handler = [metrics = backend.metrics](const Request&,
                                              const PathArguments&) { return get_metrics(metrics); }},
  };
}

}  // namespace weir::service
