#pragma once

#include "weir/repositories/call.h"

namespace weir::repositories {

/// A call of the repository's own, which is not worth a long wait: it can be made another time.
inline Call upkeep_call(Operation operation, TimePoint now) {
  constexpr Seconds kPatience{5.0};
  return {operation, now, add_saturating(now, kPatience)};
}

}  // namespace weir::repositories
