#include "weir/repositories/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "weir/history/error.h"
#include "weir/repositories/system_error_text.h"

namespace weir::repositories {
namespace {

[[noreturn]] void fail(const std::string& doing, int error_number) {
  using enum history::ErrorCode;
  throw history::Error(error_number == ENOSPC ? kStorageFull : kUnavailable,
                       doing + ": " + system_error_text(error_number));
}

void sync(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail("cannot open " + path, errno);
  const int error_number = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (error_number != 0) fail("cannot sync " + path, error_number);
}

}  // namespace

void sync_file(const std::string& path) {
  sync(path, O_RDONLY);
}

void rename_durably(const Renaming& renaming) {
  if (std::rename(renaming.from.c_str(), renaming.to.c_str()) != 0) {
    fail("cannot rename " + renaming.from + " to " + renaming.to, errno);
  }
  const std::string folder = std::filesystem::path(renaming.to).parent_path().string();
  sync(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
}

}  // namespace weir::repositories
