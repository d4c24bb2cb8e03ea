#pragma once

struct sqlite3;

namespace weir::repositories::sqlite {

/// Refuses, from now on, whatever would change anything through `db`: writes, ATTACH, PRAGMAs given a value,
/// and all PRAGMAs but a few that only read (invariant I5). query_only alone stops neither of the latter two.
void seal_reader(sqlite3* db);

}  // namespace weir::repositories::sqlite
