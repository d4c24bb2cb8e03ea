#include "weir/repositories/exclusive_file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "weir/history/error.h"
#include "weir/repositories/system_error_text.h"

namespace weir::repositories {
namespace {

using history::Error;
using history::ErrorCode;

constexpr int kMostLinks = 40;  // as many as the kernel follows

/// Where links lead in the end, though nothing stands there yet: weakly_canonical() stops before a link to
/// nowhere.
std::filesystem::path follow_links(std::filesystem::path path) {
  std::error_code error;
  for (int links = 0; links < kMostLinks && std::filesystem::is_symlink(path, error); ++links) {
    path = path.parent_path() / std::filesystem::read_symlink(path, error);
  }
  const auto file = std::filesystem::weakly_canonical(path, error);
  if (error) {
    throw Error(ErrorCode::kUnavailable, "cannot follow the path " + path.string() + ": " + error.message());
  }
  return file;
}

/// Two paths to one file are one database: the side file stands beside the file itself.
std::string side_file_of(const std::string& database_path) {
  return follow_links(database_path).string() + ".lock";
}

std::string holder_of(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t length = ::pread(descriptor, text.data(), text.size() - 1, 0);
  const std::string digits(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  return digits.find_first_not_of("0123456789") == std::string::npos && !digits.empty()
             ? " (process " + digits + ")"
             : "";
}

void write_own_id(int descriptor) {
  const std::string id = std::to_string(::getpid());
  // Only for the message of whoever comes second: failing to write it loses nothing.
  if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
    const auto written = ::pwrite(descriptor, id.data(), id.size(), 0);
}

}  // namespace

ExclusiveFileLock::ExclusiveFileLock(const std::string& database_path) {
  const std::string path = side_file_of(database_path);
  std::error_code ignored;  // what is wrong with the folder shows when the file is opened
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0) {
    throw Error(ErrorCode::kUnavailable,
                "cannot open the lock file " + path + ": " + system_error_text(errno));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error_number = errno;
    const std::string holder = holder_of(descriptor_);
    ::close(descriptor_);
    if (error_number == EWOULDBLOCK) {
      throw Error(ErrorCode::kConflict,
                  "another weir" + holder + " works on " + database_path + ": it holds " + path);
    }
    throw Error(ErrorCode::kUnavailable, "cannot lock " + path + ": " + system_error_text(error_number));
  }
  write_own_id(descriptor_);
}

ExclusiveFileLock::~ExclusiveFileLock() {
  ::close(descriptor_);
}

}  // namespace weir::repositories
