#pragma once

#include <cstddef>

#include "weir/repositories/clock.h"
#include "weir/repositories/sqlite/retention_plan.h"

namespace weir::repositories::sqlite {

/// What one transaction did of a plan.
struct RetentionStep {
  enum class Plan { kHolds, kIsPast };

  Plan plan = Plan::kHolds;   ///< past: the conversation is another, or its end is; nothing was deleted
  std::size_t next_unit = 0;  ///< with which to go on
  std::size_t deleted = 0;
};

/// Deletes from unit `first_unit` on, as much as goes in some milliseconds. To be called in a write
/// transaction. Errors: SqliteError.
RetentionStep delete_step(Connection& connection, const RetentionPlan& plan, std::size_t first_unit,
                          const Clock& clock);

}  // namespace weir::repositories::sqlite
