#pragma once

#include <vector>

#include "weir/service/guard.h"
#include "weir/service/router.h"

namespace weir::service {

/// Lets a request in, or says why not, by its head alone.
///
/// Thread-safety: const members may be called from any thread.
class Gate {
 public:
  Gate(AccessRules rules, std::vector<Route> routes) : rules_(std::move(rules)), router_(std::move(routes)) {}

  /// The route that answers it. Everything but /health is behind the token, what does not exist
  /// too; at / a reader without it is let in as unknown, for the page there is what asks for the token.
  /// Errors: Refusal, as the checks of guard.h and Router::match give it.
  Match admit(const RequestHead& head) const;

 private:
  AccessRules rules_;
  Router router_;
};

}  // namespace weir::service
