#pragma once

#include "weir/repositories/clock.h"

namespace weir::repositories::sqlite {

/// Full-text search. Turned off and on again, it indexes what came meanwhile.
struct SearchOptions {
  bool enabled = true;
  Seconds index_interval{1.0};  ///< how often the background looks for messages that are not indexed yet
};

}  // namespace weir::repositories::sqlite
