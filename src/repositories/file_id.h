#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace weir::repositories {

/// Which file stands at a path, as the kernel tells files apart.
struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend auto operator<=>(const FileId&, const FileId&) = default;
};

struct FileStatus {
  FileId id;
  std::uint64_t size = 0;  ///< bytes
};

/// Looks with stat(), never by opening: closing a descriptor of the database would drop the process's own
/// POSIX locks on it. Absent when no file stands at `path`, or it cannot be looked at.
std::optional<FileStatus> look_at(const std::string& path);

}  // namespace weir::repositories
