#pragma once

#include "weir/history/personality.h"
#include "weir/repositories/sqlite/write_scope.h"

namespace weir::repositories::sqlite {

// What PersonalityRepository's write asks of a connection. Errors: SqliteError, and those of the interface.

history::UpdatedTrait update_trait(const WriteScope& scope, const history::TraitUpdate& update);

}  // namespace weir::repositories::sqlite
