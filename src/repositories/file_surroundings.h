#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::repositories {

// What stands around a file, found without opening it. Errors: history::Error kUnavailable.

enum class FileSystemKind {
  kLocal,
  kNetwork,  ///< locks and sharing memory do not work there as SQLite needs them
  kMemory,
  kOverlay,  ///< a container's own layer
  kUserSpace
};

struct FileSystem {
  FileSystemKind kind;
  std::uint64_t free_bytes;  ///< for who is not root
};
FileSystem file_system_of(const std::string& path);

struct FileOwnership {
  uid_t owner;
  mode_t mode;  ///< the permissions alone
  std::uint64_t size;
};
/// Absent when there is none.
std::optional<FileOwnership> ownership_of(const std::string& path);

/// The processes that hold locks on a file, as far as the kernel shows them here: not those of other
/// containers. None when there is no such file. Sorted.
std::vector<pid_t> lock_holders_of(const std::string& path);

}  // namespace weir::repositories
