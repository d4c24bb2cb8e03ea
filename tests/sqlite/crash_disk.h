#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sqlite/disk_image.h"
#include "sqlite/vfs_shim.h"

namespace weir::testing {

/// A disk that knows which changes were synced, for connections opened while it lives, and what would be left
/// if its power were lost now.
///
/// Nothing is abandoned for that: the system goes on with its files, and what a power cut leaves is drawn on
/// the side, in the manner of SQLite's own test6.c. The index of the log, a file of shared memory, is never
/// left.
///
/// Thread-safety: every member may be called from any thread. One at a time in a process.
class CrashDisk final : public VfsShim {
 public:
  struct Moment {
    VfsCall call;             ///< the change or sync that has just happened
    const std::string& file;  ///< ... to this file
    const DiskImage& synced;
    const std::vector<PendingChange>& pending;
  };
  using Watch = std::function<void(const Moment&)>;

  /// A disk that holds `files`; `watch` is called after every change and every sync of a file.
  CrashDisk(DiskImage files, Watch watch)
      : VfsShim("weir-crash"), watch_(std::move(watch)), synced_(std::move(files)) {}

 private:
  VfsVerdict before(const VfsRequest&) override { return {}; }
  void after(const VfsRequest& request) override;
  void note(const VfsRequest& request, const std::string& file);
  void open(const std::string& file);
  void sync(const std::string& file);
  void settle(const std::string& file);

  const Watch watch_;
  std::mutex mutex_;
  // Guarded by mutex_.
  DiskImage synced_;
  std::vector<PendingChange> pending_;
  std::set<std::string> new_;  // files made and not synced since
};

}  // namespace weir::testing
