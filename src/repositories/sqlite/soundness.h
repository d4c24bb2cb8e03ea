#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

struct sqlite3;

namespace weir::repositories::sqlite {

// Whether a database is what weir has made of it. Errors: SqliteError.

enum class CheckDepth {
  kQuick,  ///< every page, and what stands in it
  kFull    ///< and every index against its table
};

/// What SQLite finds damaged; absent when all is well.
std::optional<std::string> find_damage(sqlite3* db, CheckDepth depth);

/// What weir's tables say differently of one thing, a sentence for each; empty when all is well. `db` is of
/// one of weir's schemas, `version` which.
std::vector<std::string> find_contradictions(sqlite3* db, int version);

struct ContentCounts {
  std::int64_t conversations = 0;
  std::int64_t events = 0;
};
ContentCounts count_content(sqlite3* db);

}  // namespace weir::repositories::sqlite
