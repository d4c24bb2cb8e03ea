#pragma once

#include "weir/service/problem.h"

namespace weir::service {

/// The problem that `call` is refused with; status 0 when it is not.
template <class Call>
Problem refused(Call call) {
  try {
    call();
  } catch (const Refusal& refusal) {
    return refusal.problem();
  }
  return Problem{.status = 0, .detail = {}};
}

}  // namespace weir::service
