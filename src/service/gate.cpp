#include "weir/service/gate.h"

#include "weir/service/url.h"

namespace weir::service {

Match Gate::admit(const RequestHead& head) const {
  check_host(head, rules_);
  const std::string_view path = path_of(head.target);
  if (path != "/health" && path != "/") check_token(head, rules_);
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
