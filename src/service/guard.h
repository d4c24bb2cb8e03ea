#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/service/http_message.h"
#include "weir/service/server_options.h"

namespace weir::service {

/// Whom the service answers.
struct AccessRules {
  std::vector<std::string> hosts;    ///< what Host may say
  std::vector<std::string> origins;  ///< whose pages may change something, besides the service's own
  std::optional<std::string> token;  ///< absent: everybody who gets here
};

/// The rules of a service that listens on `port`.
AccessRules make_access_rules(const ServerOptions& options, std::optional<std::string> token,
                              std::uint16_t port);

/// Each of these refuses, by throwing Refusal, what its name says. A refused framing must be followed by a
/// close, for nobody knows where the next request begins.

/// 400 unless it is plain how long the body is: at most one Content-Length or one Transfer-Encoding,
/// `chunked`.
void check_framing(const RequestHead& head);

/// 400 unless there is one Host, 421 unless it is one of ours: a page that points its own name here gets
/// nothing.
void check_host(const RequestHead& head, const AccessRules& rules);

/// How a 401 says what it wants.
inline constexpr std::string_view kTokenChallenge = "Bearer realm=\"weir\"";

/// Whether the bearer token is right, or none is asked for.
bool has_token(const RequestHead& head, const AccessRules& rules);

/// 401 unless has_token().
void check_token(const RequestHead& head, const AccessRules& rules);

/// 403 for a call that changes something, sent by a page of another origin.
void check_origin(const RequestHead& head, const AccessRules& rules);

/// 403 for any call sent by a page of another origin.
void check_any_origin(const RequestHead& head, const AccessRules& rules);

/// 415 unless the body is said to be JSON in UTF-8.
void check_content_type(const RequestHead& head);

}  // namespace weir::service
