#pragma once

#include <sqlite3.h>

namespace weir::testing {

/// Stands between SQLite and the disk, for connections opened while it lives, and fails calls on demand.
///
/// Thread-safety: arm() may be called from any thread. One at a time in a process.
class FaultyVfs {
 public:
  enum class Call { kOpen, kRead, kWrite, kSync };

  FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  ~FaultyVfs();

  struct Fault {
    Call call;
    int code;
    int times;  ///< how many calls fail from now on
  };
  void arm(const Fault& fault);

  /// How many calls failed.
  int failed() const;

 private:
  sqlite3_vfs* real_;
};

}  // namespace weir::testing
