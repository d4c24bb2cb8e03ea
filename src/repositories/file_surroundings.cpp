#include "weir/repositories/file_surroundings.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "weir/history/error.h"
#include "weir/repositories/system_error_text.h"

namespace weir::repositories {
namespace {

// statfs(2): NFS, SMB, CIFS, SMB2, 9P, AFS, Ceph, Coda, Lustre, GPFS.
constexpr std::array<std::uint32_t, 10> kNetwork = {0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                                    0x01021997, 0x5346414F, 0x00C36400, 0x73757245,
                                                    0x0BD00BD0, 0x47504653};
constexpr std::uint32_t kTmpfs = 0x01021994;
constexpr std::uint32_t kRamfs = 0x858458F6;
constexpr std::uint32_t kOverlayfs = 0x794C7630;
constexpr std::uint32_t kFuse = 0x65735546;

FileSystemKind kind_of(std::uint32_t type) {
  if (std::ranges::find(kNetwork, type) != kNetwork.end()) return FileSystemKind::kNetwork;
  if (type == kTmpfs || type == kRamfs) return FileSystemKind::kMemory;
  if (type == kOverlayfs) return FileSystemKind::kOverlay;
  return type == kFuse ? FileSystemKind::kUserSpace : FileSystemKind::kLocal;
}

/// As /proc/locks writes it.
std::string lock_name(const struct stat& status) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%02x:%02x:%llu", major(status.st_dev), minor(status.st_dev),
                static_cast<unsigned long long>(status.st_ino));
  return text.data();
}

}  // namespace

FileSystem file_system_of(const std::string& path) {
  struct statfs system {};
  if (::statfs(path.c_str(), &system) != 0) {
    throw history::Error(history::ErrorCode::kUnavailable,
                         "cannot look at the file system of " + path + ": " + system_error_text(errno));
  }
  return {kind_of(static_cast<std::uint32_t>(system.f_type)),
          static_cast<std::uint64_t>(system.f_bavail) * static_cast<std::uint64_t>(system.f_bsize)};
}

std::optional<FileOwnership> ownership_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileOwnership{status.st_uid, status.st_mode & 07777U, static_cast<std::uint64_t>(status.st_size)};
}

std::vector<pid_t> lock_holders_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  const std::string name = lock_name(status);
  std::vector<pid_t> holders;
  std::ifstream locks("/proc/locks");
  std::string number, kind, strength, mode, file, rest;
  pid_t process = 0;
  // Who waits for a lock has an arrow before the kind, and is passed over.
  while (locks >> number >> kind && std::getline(locks, rest)) {
    std::istringstream line(rest);
    if (line >> strength >> mode >> process >> file && file == name && process > 0)
      holders.push_back(process);
  }
  std::ranges::sort(holders);
  const auto repeated = std::ranges::unique(holders);
  holders.erase(repeated.begin(), repeated.end());
  return holders;
}

}  // namespace weir::repositories
