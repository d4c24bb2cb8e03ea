#include "sqlite/pausing_vfs.h"

#include <condition_variable>
#include <mutex>

namespace weir::testing {
namespace {

enum class Pause { kNone, kArmed, kPaused };

// SQLite calls through plain function pointers, so what they share stands here.
std::mutex mutex;
std::condition_variable changed;
// Guarded by mutex.
Pause pause = Pause::kNone;
const sqlite3_io_methods* real_methods = nullptr;
sqlite3_io_methods hooked_methods;

sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs hooked_vfs;

/// With offset 0 and no page it is asked for what no page is: to forget a memory map, as a checkpoint asks
/// between its two looks at the log. Mapped or not, it is called.
int unfetch(sqlite3_file* file, sqlite3_int64 offset, void* page) {
  {
    std::unique_lock lock(mutex);
    if (page == nullptr && pause == Pause::kArmed) {
      pause = Pause::kPaused;
      changed.wait(lock, [] { return pause == Pause::kNone; });
    }
  }
  return real_methods->xUnfetch(file, offset, page);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return code;
  const std::lock_guard lock(mutex);
  if (real_methods == nullptr) {
    real_methods = file->pMethods;
    hooked_methods = *real_methods;
    hooked_methods.xUnfetch = unfetch;
  }
  file->pMethods = &hooked_methods;
  return SQLITE_OK;
}

}  // namespace

PausingVfs::PausingVfs() : real_(sqlite3_vfs_find(nullptr)) {
  real_vfs = real_;
  hooked_vfs = *real_;
  hooked_vfs.zName = "weir-pausing";
  hooked_vfs.xOpen = open;
  sqlite3_vfs_register(&hooked_vfs, 1);
}

PausingVfs::~PausingVfs() {
  sqlite3_vfs_unregister(&hooked_vfs);
  sqlite3_vfs_register(real_, 1);
}

void PausingVfs::arm() {
  const std::lock_guard lock(mutex);
  pause = Pause::kArmed;
}

bool PausingVfs::is_paused() const {
  const std::lock_guard lock(mutex);
  return pause == Pause::kPaused;
}

void PausingVfs::release() {
  const std::lock_guard lock(mutex);
  pause = Pause::kNone;
  changed.notify_all();
}

}  // namespace weir::testing
