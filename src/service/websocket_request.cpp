#include "weir/service/websocket_request.h"

#include <algorithm>

namespace weir::service {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kVersion = "13";

/// Whether one of the header's comma-separated lists has `word`.
bool lists(const RequestHead& head, std::string_view name, std::string_view word) {
  for (std::string_view rest : header_values(head, name)) {
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (equal_ignoring_case(trimmed(rest.substr(0, comma)), word)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

/// Sixteen bytes in base64: 22 digits, of which the last has four bits to spare, and the padding.
bool is_key(std::string_view text) {
  constexpr std::string_view kPadding = "==";
  constexpr std::size_t kDigits = 22;
  if (text.size() != kDigits + kPadding.size() || !text.ends_with(kPadding)) return false;
  const std::string_view digits = text.substr(0, kDigits);
  return digits.find_first_not_of(kBase64) == std::string_view::npos &&
         std::string_view("AQgw").find(digits.back()) != std::string_view::npos;
}

Refusal wrong_version() {
  return Refusal({.status = 426,
                  .detail = "Sec-WebSocket-Version: must be 13",
                  .field = "Sec-WebSocket-Version",
                  .headers = {{"Connection", "Upgrade"},
                              {"Upgrade", "websocket"},
                              {"Sec-WebSocket-Version", std::string(kVersion)}}});
}

}  // namespace

Refusal upgrade_required() {
  return Refusal(
      {.status = 426,
       .detail =
           "this call is a WebSocket's: GET over HTTP/1.1 with Connection: Upgrade and Upgrade: websocket",
       .headers = {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}}});
}

void check_websocket_request(const RequestHead& head) {
  const bool asks = lists(head, "Connection", "upgrade") && lists(head, "Upgrade", "websocket");
  if (head.method != "GET" || !asks) throw upgrade_required();
  const auto versions = header_values(head, "Sec-WebSocket-Version");
  if (versions.size() != 1 || versions.front() != kVersion) throw wrong_version();
  const auto keys = header_values(head, "Sec-WebSocket-Key");
  if (keys.size() != 1 || !is_key(keys.front())) {
    throw bad_request("Sec-WebSocket-Key", "must be given once, 16 bytes in base64");
  }
}

}  // namespace weir::service
