#include "weir/service/gate.h"

#include "weir/service/url.h"

namespace weir::service {
namespace {

/// The status page, which is what asks for the token.
bool is_for_page(const RequestHead& head) {
  return path_of(head.target) == "/" && (head.method == "GET" || head.method == "HEAD");
}

}  // namespace

Match Gate::admit(const RequestHead& head) const {
  check_host(head, rules_);
  if (path_of(head.target) != "/health" && !is_for_page(head)) check_token(head, rules_);
  Match match = router_.match(head);
  if (!has_token(head, rules_)) match.caller = Caller::kUnknown;
  check_origin(head, rules_);
  // What is said over a WebSocket later changes something, and no browser keeps foreign pages from opening
  // one.
  if (match.route->lane == Lane::kUpgrade) check_any_origin(head, rules_);
  if (match.route->accepts == Accepts::kJson) check_content_type(head);
  return match;
}

}  // namespace weir::service
