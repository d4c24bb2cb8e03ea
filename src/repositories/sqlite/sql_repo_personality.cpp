#include "weir/history/error.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

std::vector<Trait> SqlRepo::personality(const UserId&, const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

Trait SqlRepo::update_trait(const TraitUpdate&, const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

std::vector<TraitChange> SqlRepo::trait_history(const UserId&, const Dimension&, std::size_t,
                                                const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

}  // namespace weir::repositories::sqlite
