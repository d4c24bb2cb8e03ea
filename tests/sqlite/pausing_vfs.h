#pragma once

#include <sqlite3.h>

namespace weir::testing {

/// Stands between SQLite and the disk, for connections opened while it lives, and stops a checkpoint where
/// the WAL-reset bug has its window: it knows how far the log went, and not yet whether it still does.
///
/// A checkpoint comes by there only when others have committed since its connection last looked.
///
/// Thread-safety: every member may be called from any thread. One at a time in a process.
class PausingVfs {
 public:
  PausingVfs();
  PausingVfs(const PausingVfs&) = delete;
  PausingVfs& operator=(const PausingVfs&) = delete;
  ~PausingVfs();

  /// The next checkpoint that comes by stops there until release().
  void arm();
  bool is_paused() const;
  void release();

 private:
  sqlite3_vfs* real_;
};

}  // namespace weir::testing
