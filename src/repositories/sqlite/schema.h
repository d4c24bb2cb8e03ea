#pragma once

#include <string>

#include "weir/history/timestamp.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

/// What a database file turns out to be.
struct SchemaState {
  int version;        ///< 0: an empty file
  bool is_foreign;    ///< it holds tables and is not weir's
  bool is_reference;  ///< ... but the reference service's
};

/// The newest schema this program knows.
int newest_schema_version();

SchemaState inspect_schema(sqlite3* db);

/// Whether the row is there that is written into every database when it is made.
bool has_sentinel(sqlite3* db);

/// Looks at the file before a connection is set up on it, which would change what is somebody else's.
/// Errors: kUnsupported when it is; SqliteError.
void refuse_foreign_file(const std::string& path);

/// Brings the database up to the newest schema, each migration in a transaction of its own.
/// The write ticket is held by the caller.
/// Errors: kUnsupported when the file belongs to something else, or to a newer weir (with both versions);
/// SqliteError.
void migrate(Connection& connection, const std::string& path, history::Timestamp now);

}  // namespace weir::repositories::sqlite
