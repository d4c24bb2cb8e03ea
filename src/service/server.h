#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/service/http_observer.h"
#include "weir/service/router.h"
#include "weir/service/server_options.h"

namespace weir::service {

/// How a server ended.
enum class Drained {
  kClean,      ///< every request was answered
  kAbandoned,  ///< some ran on past the drain timeout; their threads still hold what they use
};

/// Serves routes over HTTP/1.1.
///
/// Thread-safety: drain() may be called from any thread but a handler's; the others from one.
/// Lifetime: what the routes refer to and the observer outlive it. Destroying it waits for handlers that
///   still run.
/// Errors: history::Error, from the constructor and start().
class Server {
 public:
  /// `token`: the bearer token callers must show; absent: they need none.
  /// Errors: kInvalidArgument naming `server.listen` for one that others could reach without a token.
  Server(const ServerOptions& options, std::optional<std::string> token, std::vector<Route> routes,
         HttpObserver& observer);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Binds and begins to serve. Once.
  /// Errors: kUnavailable when the address cannot be listened on.
  void start();

  /// Once started: runs `work` in every `interval` as the handler of a read is run, on the same threads and
  /// in its turn. So it comes round only as long as reads do, and ends with them. It does not throw.
  void repeat_as_read(repositories::Seconds interval, std::function<void()> work);

  /// The port in use, once started.
  std::uint16_t port() const;

  /// Once started: no connection is accepted from now on, and no further request; those in flight have
  /// drain_timeout to end.
  void drain();

  /// Blocking: until it has drained; somebody calls drain() meanwhile. Once.
  Drained wait();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::service
