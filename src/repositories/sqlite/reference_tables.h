#pragma once

#include <string>
#include <vector>

#include "weir/repositories/sqlite/reference_changes.h"
#include "weir/repositories/sqlite/reference_statements.h"

namespace weir::repositories::sqlite {

/// Which of the reference service's tables a file has, and how they are asked.
struct ReferenceTables {
  bool has_events = false;
  bool has_messages = false;
  ReferenceSql sql{};
};

/// Notes in `changes` what else stands in the file.
/// Errors: kUnsupported when a column is missing without which nothing can be told; SqliteError.
ReferenceTables find_reference_tables(sqlite3* db, ReferenceChanges& changes);

}  // namespace weir::repositories::sqlite
