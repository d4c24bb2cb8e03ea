#include "weir/repositories/sqlite/authorizer.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace weir::repositories::sqlite {
namespace {

int allow_if(bool allowed) {
  return allowed ? SQLITE_OK : SQLITE_DENY;
}

bool only_reads(std::string_view pragma, const char* argument) {
  constexpr std::array<std::string_view, 5> kReading = {"data_version", "query_only", "busy_timeout",
                                                        "page_count", "page_size"};
  return argument == nullptr && std::ranges::find(kReading, pragma) != kReading.end();
}

/// The write by which a connection finds out that it is refused writes; and what the declaration of a virtual
/// table looks like, which FTS5 makes on its first use and which changes nothing: query_only and a schema
/// that is not writable refuse the statement that would.
bool is_harmless(std::string_view table, std::string_view column) {
  return (table == "weir_database" && column == "key") || table == "sqlite_master";
}

int authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return SQLITE_OK;
    case SQLITE_PRAGMA:
      return allow_if(only_reads(first, second));
    case SQLITE_UPDATE:
      return allow_if(is_harmless(first, second));
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

void seal_reader(sqlite3* db) {
  sqlite3_set_authorizer(db, &authorize, nullptr);
}

}  // namespace weir::repositories::sqlite
