#include "weir/repositories/sqlite/sql_repo.h"
#include "weir/repositories/sqlite/trait_reads.h"
#include "weir/repositories/sqlite/trait_writes.h"

namespace weir::repositories::sqlite {

using namespace history;

std::vector<Trait> SqlRepo::personality(const UserId& user, const CallOptions& options) {
  return read<std::vector<Trait>>(Operation::kPersonality, options,
                                  [&](Connection& connection) { return read_personality(connection, user); });
}

UpdatedTrait SqlRepo::update_trait(const TraitUpdate& update, const CallOptions& options) {
  const Repeat repeat = update.request_id ? Repeat::kSafe : Repeat::kUnsafe;
  return write<UpdatedTrait>(Operation::kUpdateTrait, options, {repeat, kFewRows.bytes},
                             [&](const WriteScope& scope) { return sqlite::update_trait(scope, update); });
}

std::vector<TraitChange> SqlRepo::trait_history(const UserId& user, const Dimension& dimension,
                                                std::size_t limit, const CallOptions& options) {
  return read<std::vector<TraitChange>>(Operation::kTraitHistory, options, [&](Connection& connection) {
    return read_trait_history(connection, user, dimension, limit);
  });
}

}  // namespace weir::repositories::sqlite
