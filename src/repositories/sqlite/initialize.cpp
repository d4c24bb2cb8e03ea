#include "weir/repositories/sqlite/initialize.h"

#include <sqlite3.h>

namespace weir {

bool initialize() noexcept {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
}

}  // namespace weir
