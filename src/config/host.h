#pragma once

#include <string_view>

namespace weir::config {

/// Whether `text` is a host: a name, an IPv4 address, or an IPv6 address in brackets.
bool is_host(std::string_view text);

/// HOST:PORT, the port 0 to 65535.
bool is_host_and_port(std::string_view text);

bool is_host_with_or_without_port(std::string_view text);

/// SCHEME://HOST or SCHEME://HOST:PORT, as a browser sends it in Origin.
bool is_origin(std::string_view text);

}  // namespace weir::config
