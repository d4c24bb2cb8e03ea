#pragma once

#include "weir/service/problem.h"
#include "weir/service/router.h"

namespace weir::service {

/// What the exception in flight means to the caller of `route`. What nobody foresaw is logged, and told
/// without detail. Only within a catch block.
Problem problem_in_flight(const Route& route) noexcept;

/// Runs the route's handler; whatever it throws becomes a problem document.
Response answer(const Match& match, const Request& request) noexcept;

}  // namespace weir::service
