#include "weir/config/host.h"

#include <arpa/inet.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "weir/config/scalar.h"

namespace weir::config {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

bool consists_of(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_address(int family, std::string_view text) {
  in6_addr address{};  // the larger of the two
  return inet_pton(family, std::string(text).c_str(), &address) == 1;
}

bool is_port(std::string_view text) {
  const std::optional<std::int64_t> port = read_whole(text);
  return port && text.front() != '-' && *port <= 65535;
}

}  // namespace

bool is_host(std::string_view text) {
  if (text.empty() || text.size() > kLongestName) return false;
  if (text.front() == '[') {
    return text.back() == ']' && is_address(AF_INET6, text.substr(1, text.size() - 2));
  }
  // What consists of digits and dots is meant as an address, and is a wrong one more often than a name.
  if (consists_of(text, "0123456789.")) return is_address(AF_INET, text);
  return consists_of(text, kNameCharacters) && text.front() != '.' && text.front() != '-';
}

bool is_host_and_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  return colon != std::string_view::npos && is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

bool is_host_with_or_without_port(std::string_view text) {
  return is_host(text) || is_host_and_port(text);
}

bool is_origin(std::string_view text) {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos || end == 0 || kLower.find(text.front()) == std::string_view::npos)
    return false;
  return consists_of(text.substr(0, end), "abcdefghijklmnopqrstuvwxyz0123456789+-.") &&
         is_host_with_or_without_port(text.substr(end + 3));
}

}  // namespace weir::config
