#pragma once

#include <string>

namespace weir::repositories {

/// Keeps a second program from serving or changing a database: an flock() on a file beside it, `PATH.lock`.
///
/// The database itself is never opened for it. The side file stays behind; the lock goes with the process,
/// however it ends.
///
/// Thread-safety: none. Blocking: never.
class ExclusiveFileLock {
 public:
  /// Errors: kConflict when another process (or another lock of this one) holds it, naming its process id
  /// where known;
  ///   kUnavailable when the side file cannot be made, or the path to the database not followed.
  explicit ExclusiveFileLock(const std::string& database_path);
  ExclusiveFileLock(const ExclusiveFileLock&) = delete;
  ExclusiveFileLock& operator=(const ExclusiveFileLock&) = delete;
  ~ExclusiveFileLock();

 private:
  int descriptor_;
};

}  // namespace weir::repositories
