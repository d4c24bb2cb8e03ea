#include "weir/repositories/sqlite/database_files.h"

#include <sys/stat.h>
#include <unistd.h>

namespace weir::repositories::sqlite {
namespace {

std::optional<FileTrace> trace_of_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileTrace{status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace

void remove_database_files(const std::string& path) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((path + suffix).c_str());
}

DatabaseTrace trace_of(const std::string& path) {
  return {trace_of_file(path), trace_of_file(path + "-wal"), trace_of_file(path + "-journal")};
}

}  // namespace weir::repositories::sqlite
