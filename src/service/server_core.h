#pragma once

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

#include "weir/service/gate.h"
#include "weir/service/http_observer.h"
#include "weir/service/in_flight.h"
#include "weir/service/request_id.h"
#include "weir/service/server_options.h"
#include "weir/service/stop_signal.h"
#include "weir/service/turns.h"
#include "weir/service/worker_pool.h"

namespace weir::service {

/// What all connections of a server share.
///
/// Thread-safety: its members may be used from any thread.
struct ServerCore {
  ServerCore(const ServerOptions& the_options, AccessRules rules, std::vector<Route> routes,
             HttpObserver& the_observer)
      : options(the_options),
        observer(the_observer),
        gate(std::move(rules), std::move(routes)),
        reads({.at_once = options.read_threads, .waiting = options.max_queued_requests}),
        writers({.threads = options.write_threads, .waiting = options.max_queued_requests}) {}

  const ServerOptions options;
  HttpObserver& observer;
  const Gate gate;
  Turns reads;
  WorkerPool writers;
  RequestIds request_ids;
  InFlight in_flight;
  StopSignal stopping;  ///< sent when in_flight begins to drain
  std::atomic<std::size_t> connections = 0;
};

}  // namespace weir::service
