#include "weir/service/listen_address.h"

#include <arpa/inet.h>

#include <charconv>

#include "weir/history/error.h"
#include "weir/service/http_message.h"

namespace weir::service {
namespace {

constexpr std::string_view kField = "server.listen";

bool is_bracketed(std::string_view host) {
  return host.starts_with('[') && host.ends_with(']');
}

bool is_host(std::string_view host) {
  if (is_bracketed(host)) return host.size() > 2;
  return !host.empty() && host.find_first_of(":[]/ ") == std::string_view::npos;
}

bool is_loopback(const std::string& bare_host) {
  in_addr v4{};
  if (inet_pton(AF_INET, bare_host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24U == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, bare_host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return equal_ignoring_case(bare_host, "localhost");
}

}  // namespace

std::string ListenAddress::bare_host() const {
  return is_bracketed(host) ? host.substr(1, host.size() - 2) : host;
}

ListenAddress parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  ListenAddress address{std::string(host)};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc() || end != port.data() + port.size() || !is_host(host)) {
    throw history::invalid(kField, "must be HOST:PORT, an IPv6 address in brackets, the port 0 to 65535");
  }
  return address;
}

void check_listen(const ServerOptions& options, const std::optional<std::string>& token) {
  if (token || is_loopback(parse_listen(options.listen).bare_host())) return;
  throw history::invalid(kField,
                         "off loopback a bearer token is required: set server.token_file or WEIR_TOKEN");
}

}  // namespace weir::service
