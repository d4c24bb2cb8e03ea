#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weir/repositories/clock.h"

namespace weir::service {

/// How the HTTP service listens, whom it answers, and what it bounds.
struct ServerOptions {
  std::string listen = "127.0.0.1:8080";  ///< HOST:PORT; port 0 picks a free one
  std::optional<std::string>
      token_file;  ///< a file that holds the bearer token; required off loopback, unless WEIR_TOKEN is set
  std::vector<std::string> allowed_hosts;  ///< accepted in Host besides loopback names and the listen host
  std::vector<std::string>
      allowed_origins;  ///< browser origins that may change something; same-host ones always may
  std::size_t max_body_bytes = 1024 * 1024;
  std::size_t max_header_bytes = 16 * 1024;
  std::size_t max_connections = 10'000;         ///< further ones are closed at once
  std::size_t max_queued_requests = 1024;       ///< waiting for a worker thread; further ones get 503
  repositories::Seconds request_timeout{30.0};  ///< to receive a whole request, and to send a whole answer
  repositories::Seconds idle_timeout{75.0};     ///< between requests of one connection
  repositories::Seconds drain_timeout{4.0};     ///< for requests in flight after SIGTERM
  repositories::Seconds ws_ping_interval{
      20.0};                          ///< of a silent WebSocket; its pong is due within the next one
  std::size_t ws_max_pending = 8;     ///< messages of a WebSocket behind the one being answered
  std::size_t read_threads = 8;       ///< run calls that read
  std::size_t write_threads = 16;     ///< run calls that write, which wait for each other
  std::string assistant = "echo";     ///< who answers /api/chat: echo
  std::size_t summary_batch = 20;     ///< messages that one summary stands for
  std::size_t context_messages = 20;  ///< recent events given to the assistant
  std::string default_conversation = "default";  ///< of a chat message that names none
};

}  // namespace weir::service
