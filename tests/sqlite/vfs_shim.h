#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <string_view>

namespace weir::testing {

/// What SQLite asks of its VFS and a test may count, fail or hold up.
enum class VfsCall {
  kOpen,
  kDelete,
  kAccess,
  kRead,
  kWrite,
  kSync,
  kTruncate,
  kFileSize,
  kLock,
  kUnlock,
  kCheckReservedLock,
  kShmMap,
  kShmLock,
  kShmUnlock,
  kUnfetch,
};

std::string_view to_string(VfsCall call);

/// One call on its way to the disk.
struct VfsRequest {
  VfsCall call;
  std::string_view path;        ///< of the file; empty for a temporary one
  const void* bytes = nullptr;  ///< kWrite: what is written
  int count = 0;                ///< kRead, kWrite: how many bytes
  sqlite3_int64 offset = 0;     ///< kRead, kWrite: from where on; kTruncate: the new size
};

/// What becomes of a call.
struct VfsVerdict {
  enum class Extent { kNothing, kHalf };

  int code = SQLITE_OK;              ///< SQLITE_OK: it is made
  Extent extent = Extent::kNothing;  ///< of a write that fails: what reaches the file all the same
};

/// Stands between SQLite and the system for connections opened while it lives, as the default VFS.
///
/// Syncs are shown to the subclass and not passed on, for no power is cut here; sleeps of the busy handler
/// end at once. An unlock is made even when it is to fail.
///
/// Thread-safety: before() and after() are called from any thread.
/// Lifetime: outlives the connections.
class VfsShim {
 public:
  explicit VfsShim(const char* name);
  VfsShim(const VfsShim&) = delete;
  VfsShim& operator=(const VfsShim&) = delete;
  virtual ~VfsShim();

 protected:
  /// Whether a call is made. May block.
  virtual VfsVerdict before(const VfsRequest& request) = 0;
  /// It was made and succeeded.
  virtual void after(const VfsRequest& request) = 0;

 private:
  friend struct VfsMethods;

  sqlite3_vfs* real_;
  sqlite3_vfs hooked_;
};

}  // namespace weir::testing
