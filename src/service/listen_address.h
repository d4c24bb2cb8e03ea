#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/service/server_options.h"

namespace weir::service {

/// Where to listen, as `server.listen` says it.
struct ListenAddress {
  std::string host;  ///< a name, an IPv4 address, or an IPv6 address in brackets
  std::uint16_t port = 0;

  /// The host as a resolver takes it: without brackets.
  std::string bare_host() const;
};

/// Reads HOST:PORT.
/// Errors: history::Error kInvalidArgument naming `server.listen`.
ListenAddress parse_listen(std::string_view text);

/// Refuses what would let strangers in: an address others can reach, and no token.
/// Errors: history::Error kInvalidArgument naming `server.listen`.
void check_listen(const ServerOptions& options, const std::optional<std::string>& token);

}  // namespace weir::service
