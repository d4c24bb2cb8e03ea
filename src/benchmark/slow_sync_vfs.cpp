#include "weir/benchmark/slow_sync_vfs.h"

#include <sqlite3.h>

#include <array>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace weir::benchmark {
namespace {

sqlite3_vfs* real_vfs = nullptr;
std::chrono::microseconds sync_delay{0};

/// The methods of one kind of file, ours and those that do the work. There are two or three kinds: a file in
/// WAL mode has other methods than its log.
struct Methods {
  const sqlite3_io_methods* real = nullptr;
  sqlite3_io_methods slow{};
};
std::array<Methods, 8> kinds;
std::mutex kinds_mutex;  // held to add one; a kind in use does not change

int slow_sync(sqlite3_file* file, int flags) {
  std::this_thread::sleep_for(sync_delay);
  for (const Methods& kind : kinds) {
    if (file->pMethods == &kind.slow) return kind.real->xSync(file, flags);
  }
  return SQLITE_IOERR_FSYNC;
}

void slow_down(sqlite3_file* file) {
  const std::lock_guard lock(kinds_mutex);
  for (Methods& kind : kinds) {
    if (kind.real == nullptr) {
      kind.real = file->pMethods;
      kind.slow = *file->pMethods;
      kind.slow.xSync = slow_sync;
    }
    if (kind.real != file->pMethods) continue;
    file->pMethods = &kind.slow;
    return;
  }
  throw std::logic_error("SQLite has more kinds of files than were counted on");
}

int open_slow(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  const int code = real_vfs->xOpen(real_vfs, name, file, flags, flags_out);
  if (code == SQLITE_OK) slow_down(file);
  return code;
}

}  // namespace

void slow_down_syncs(std::chrono::microseconds delay) {
  static sqlite3_vfs slow_vfs;
  sync_delay = delay;
  real_vfs = sqlite3_vfs_find(nullptr);
  slow_vfs = *real_vfs;
  slow_vfs.zName = "weir-slow-sync";
  slow_vfs.xOpen = open_slow;
  sqlite3_vfs_register(&slow_vfs, 1);
}

}  // namespace weir::benchmark
