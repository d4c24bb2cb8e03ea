#include "weir/repositories/file_id.h"

#include <sys/stat.h>

namespace weir::repositories {

std::optional<FileStatus> look_at(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileStatus{{found.st_dev, found.st_ino}, static_cast<std::uint64_t>(found.st_size)};
}

}  // namespace weir::repositories
