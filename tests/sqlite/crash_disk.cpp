#include "sqlite/crash_disk.h"

#include <algorithm>
#include <filesystem>

namespace weir::testing {

void CrashDisk::after(const VfsRequest& request) {
  const std::string file = std::filesystem::path(request.path).filename().string();
  const std::lock_guard lock(mutex_);
  switch (request.call) {
    case VfsCall::kOpen:
      return open(file);
    case VfsCall::kWrite:
    case VfsCall::kTruncate:
    case VfsCall::kDelete:
      note(request, file);
      break;
    case VfsCall::kSync:
      sync(file);
      break;
    default:
      return;
  }
  watch_({request.call, file, synced_, pending_});
}

void CrashDisk::note(const VfsRequest& request, const std::string& file) {
  using Kind = PendingChange::Kind;
  const auto offset = static_cast<std::size_t>(request.offset);
  if (request.call == VfsCall::kWrite) {
    const std::string bytes(static_cast<const char*>(request.bytes), static_cast<std::size_t>(request.count));
    pending_.push_back({Kind::kWrite, file, offset, bytes});
  } else {
    pending_.push_back({request.call == VfsCall::kTruncate ? Kind::kTruncate : Kind::kRemove, file, offset});
  }
}

void CrashDisk::open(const std::string& file) {
  const bool is_removed = std::ranges::any_of(pending_, [&](const PendingChange& change) {
    return change.kind == PendingChange::Kind::kRemove && change.file == file;
  });
  // A file that was removed and is made anew has nothing of the former one.
  if (is_removed) settle(file);
  const bool is_log = file.ends_with("-wal") || file.ends_with("-journal");
  if (is_log && !synced_.files().contains(file)) new_.insert(file);
}

/// With the first sync of a log that it has made, SQLite syncs the folder: what was removed from it is gone.
void CrashDisk::sync(const std::string& file) {
  if (new_.erase(file) > 0) {
    std::vector<std::string> removed;
    for (const PendingChange& change : pending_) {
      if (change.kind == PendingChange::Kind::kRemove) removed.push_back(change.file);
    }
    for (const std::string& name : removed) settle(name);
  }
  settle(file);
}

void CrashDisk::settle(const std::string& file) {
  for (const PendingChange& change : pending_) {
    if (change.file == file) synced_.apply(change);
  }
  std::erase_if(pending_, [&](const PendingChange& change) { return change.file == file; });
}

}  // namespace weir::testing
