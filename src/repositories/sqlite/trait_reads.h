#pragma once

#include <optional>
#include <vector>

#include "weir/history/personality.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

// What PersonalityRepository's reads ask of a connection. Errors: SqliteError.

struct StoredTrait {
  std::int64_t number;  ///< by which its changes name it
  history::Trait trait;
};

std::optional<StoredTrait> find_trait(Connection& connection, const history::UserId& user,
                                      const history::Dimension& dimension);
std::vector<history::Trait> read_personality(Connection& connection, const history::UserId& user);
std::vector<history::TraitChange> read_trait_history(Connection& connection, const history::UserId& user,
                                                     const history::Dimension& dimension, std::size_t limit);

}  // namespace weir::repositories::sqlite
