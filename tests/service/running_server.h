#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/http_client.h"
#include "weir/service/server.h"

namespace weir::service {

/// Options that leave the choice of a port to the system.
inline ServerOptions any_port() {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.read_threads = 2;
  options.write_threads = 2;
  return options;
}

/// A server that has started; it drains when it goes.
class RunningServer {
 public:
  RunningServer(const ServerOptions& options, std::vector<Route> routes,
                std::optional<std::string> token = {})
      : RunningServer(options, std::move(routes), unobserved_, std::move(token)) {}
  RunningServer(const ServerOptions& options, std::vector<Route> routes, HttpObserver& observer,
                std::optional<std::string> token = {})
      : server_(options, std::move(token), std::move(routes), observer) {
    server_.start();
  }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer() {
    server_.drain();
    if (!waited_) server_.wait();
  }

  std::uint16_t port() const { return server_.port(); }
  void drain() { server_.drain(); }
  Drained wait() {
    waited_ = true;
    return server_.wait();
  }

 private:
  HttpObserver unobserved_;
  Server server_;
  bool waited_ = false;
};

/// GET /hello, which says so, and POST /echo, which says back what it was sent.
inline std::vector<Route> small_routes() {
  return {
      {.method = "GET",
       .path = "/hello",
       .lane = Lane::kRead,
       .handler = [](const Request&, const PathArguments&) { return Response{.body = "\"hello\""}; }},
      {.method = "POST",
       .path = "/echo",
       .lane = Lane::kWrite,
       .handler = [](const Request& request, const PathArguments&) { return Response{.body = request.body}; },
       .accepts = Accepts::kJson}};
}

}  // namespace weir::service
