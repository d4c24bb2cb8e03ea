#include "weir/service/guard.h"

#include <algorithm>

#include "weir/service/listen_address.h"
#include "weir/service/problem.h"
#include "weir/service/token.h"

namespace weir::service {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(),
                     [text](const std::string& entry) { return equal_ignoring_case(entry, text); });
}

/// What follows `prefix`, which may be in any case; absent when `text` begins otherwise.
std::optional<std::string_view> after(std::string_view prefix, std::string_view text) {
  if (!equal_ignoring_case(text.substr(0, prefix.size()), prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

bool is_same_host(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    const auto authority = after(scheme, origin);
    if (authority && equal_ignoring_case(*authority, host)) return true;
  }
  return false;
}

Refusal unauthorized(std::string challenge) {
  return Refusal({.status = 401,
                  .detail = "this call needs the bearer token of this service in Authorization",
                  .headers = {{"WWW-Authenticate", std::move(challenge)}}});
}

bool is_utf8_charset(std::string_view parameter) {
  const auto charset = after("charset=", trimmed(parameter));
  if (!charset) return true;
  return equal_ignoring_case(*charset, "utf-8") || equal_ignoring_case(*charset, "\"utf-8\"");
}

bool is_json(std::string_view content_type) {
  const auto end = content_type.find(';');
  if (!equal_ignoring_case(trimmed(content_type.substr(0, end)), "application/json")) return false;
  if (end == std::string_view::npos) return true;
  return is_utf8_charset(content_type.substr(end + 1));
}

Refusal not_json(std::string_view field, std::string_view what) {
  std::string detail(field);
  detail.append(": ").append(what);
  return Refusal({.status = 415, .detail = std::move(detail), .field = std::string(field)});
}

}  // namespace

AccessRules make_access_rules(const ServerOptions& options, std::optional<std::string> token,
                              std::uint16_t port) {
  AccessRules rules{.hosts = {"127.0.0.1", "[::1]", "localhost", parse_listen(options.listen).host},
                    .origins = options.allowed_origins,
                    .token = std::move(token)};
  rules.hosts.insert(rules.hosts.end(), options.allowed_hosts.begin(), options.allowed_hosts.end());
  const std::vector<std::string> names = rules.hosts;
  for (const std::string& name : names) rules.hosts.push_back(name + ':' + std::to_string(port));
  return rules;
}

void check_framing(const RequestHead& head) {
  const auto lengths = header_values(head, "Content-Length");
  const auto encodings = header_values(head, "Transfer-Encoding");
  if (!encodings.empty() && !lengths.empty()) {
    throw bad_request("Transfer-Encoding", "must not stand beside Content-Length");
  }
  // A list of equal lengths is one to some and two to others.
  const bool is_list = !lengths.empty() && lengths.front().find(',') != std::string_view::npos;
  if (lengths.size() > 1 || is_list) throw bad_request("Content-Length", "must be given once");
  if (encodings.size() > 1) throw bad_request("Transfer-Encoding", "must be given once");
  if (!encodings.empty() && !equal_ignoring_case(trimmed(encodings.front()), "chunked")) {
    throw bad_request("Transfer-Encoding", "must be chunked");
  }
}

void check_host(const RequestHead& head, const AccessRules& rules) {
  const auto hosts = header_values(head, "Host");
  if (hosts.size() != 1) throw bad_request("Host", "must be given once");
  if (contains(rules.hosts, hosts.front())) return;
  throw Refusal({.status = 421, .detail = "Host: is not a name of this service", .field = "Host"});
}

bool has_token(const RequestHead& head, const AccessRules& rules) {
  if (!rules.token) return true;
  const auto values = header_values(head, "Authorization");
  if (values.size() != 1) return false;
  const auto given = after("Bearer ", values.front());
  return given && is_token(trimmed(*given), *rules.token);
}

void check_token(const RequestHead& head, const AccessRules& rules) {
  if (has_token(head, rules)) return;
  std::string challenge(kTokenChallenge);
  if (header_values(head, "Authorization").size() == 1) challenge.append(", error=\"invalid_token\"");
  throw unauthorized(std::move(challenge));
}

void check_origin(const RequestHead& head, const AccessRules& rules) {
  if (head.method != "GET" && head.method != "HEAD") check_any_origin(head, rules);
}

void check_any_origin(const RequestHead& head, const AccessRules& rules) {
  const auto hosts = header_values(head, "Host");
  for (const std::string_view origin : header_values(head, "Origin")) {
    const bool is_ours = hosts.size() == 1 && is_same_host(origin, hosts.front());
    if (is_ours || contains(rules.origins, origin)) continue;
    throw Refusal({.status = 403,
                   .detail = "Origin: pages of this origin may not change anything here",
                   .field = "Origin"});
  }
}

void check_content_type(const RequestHead& head) {
  const auto types = header_values(head, "Content-Type");
  if (types.size() != 1 || !is_json(types.front())) {
    throw not_json("Content-Type", "must be application/json, in UTF-8");
  }
  for (const std::string_view encoding : header_values(head, "Content-Encoding")) {
    if (!equal_ignoring_case(trimmed(encoding), "identity")) {
      throw not_json("Content-Encoding", "bodies are read as they are, not compressed");
    }
  }
}

}  // namespace weir::service
