#include "weir/repositories/sqlite/database_files.h"

#include <unistd.h>

namespace weir::repositories::sqlite {

void remove_database_files(const std::string& path) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((path + suffix).c_str());
}

}  // namespace weir::repositories::sqlite
