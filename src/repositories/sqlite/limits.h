#pragma once

#include <cstddef>

struct sqlite3;

namespace weir::repositories::sqlite {

/// The longest text and the longest row that a database takes; what is longer is too large.
inline constexpr std::size_t kMostRowBytes = std::size_t{128} * 1024 * 1024;

/// Takes from `db`, a database of weir's, what its statements never need, against whoever gets SQL or a
/// damaged file in: from now on a longer statement, a wider one or one of more steps is refused before it
/// runs. Errors: history::Error(kInternal) when a limit did not take.
void limit_statements(sqlite3* db);

}  // namespace weir::repositories::sqlite
