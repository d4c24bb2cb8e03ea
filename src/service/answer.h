#pragma once

#include "weir/service/router.h"

namespace weir::service {

/// Runs the route's handler; whatever it throws becomes a problem document. What nobody foresaw is logged,
/// and told without detail.
Response answer(const Match& match, const Request& request) noexcept;

}  // namespace weir::service
