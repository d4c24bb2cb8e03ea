#pragma once

#include <string>
#include <vector>

#include "weir/history/search_repository.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

/// The page of `query` of what the index holds for `match`, made by to_match() of its words; one snapshot.
/// Errors: SqliteError.
std::vector<history::SearchHit> find_hits(Connection& connection, const history::SearchQuery& query,
                                          const std::string& match);

}  // namespace weir::repositories::sqlite
