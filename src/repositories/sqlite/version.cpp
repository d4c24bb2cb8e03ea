#include "weir/repositories/sqlite/version.h"

#include <sqlite3.h>

namespace weir::repositories::sqlite {

std::string_view sqlite_version() {
  return sqlite3_libversion();
}

int sqlite_version_number() {
  return sqlite3_libversion_number();
}

}  // namespace weir::repositories::sqlite
