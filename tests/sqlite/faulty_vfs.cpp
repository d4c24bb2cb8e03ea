#include "sqlite/faulty_vfs.h"

#include <array>
#include <atomic>
#include <mutex>

namespace weir::testing {
namespace {

struct Armed {
  std::atomic<int> code{0};
  std::atomic<int> times{0};
};

// SQLite calls through plain function pointers, so what they share stands here.
std::array<Armed, 4> armed;
std::atomic<int> failures{0};
sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs hooked_vfs;

/// The methods of a kind of file: those of a log lack what a database has for its locks.
struct Methods {
  sqlite3_io_methods hooked{};
  const sqlite3_io_methods* real = nullptr;
};
Methods database_methods;
Methods log_methods;

const sqlite3_io_methods& real_methods(const sqlite3_file* file) {
  return file->pMethods == &log_methods.hooked ? *log_methods.real : *database_methods.real;
}

/// The code to fail with, or SQLITE_OK.
int fault(FaultyVfs::Call call) {
  Armed& one = armed[static_cast<std::size_t>(call)];
  int left = one.times;
  while (left > 0 && !one.times.compare_exchange_weak(left, left - 1)) {
  }
  if (left <= 0) return SQLITE_OK;
  ++failures;
  return one.code;
}

int read(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
  if (const int code = fault(FaultyVfs::Call::kRead)) return code;
  return real_methods(file).xRead(file, bytes, count, offset);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  if (const int code = fault(FaultyVfs::Call::kWrite)) return code;
  return real_methods(file).xWrite(file, bytes, count, offset);
}

int sync(sqlite3_file* file, int flags) {
  if (const int code = fault(FaultyVfs::Call::kSync)) return code;
  return real_methods(file).xSync(file, flags);
}

void hook(Methods& methods, const sqlite3_io_methods& real) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (methods.real == &real) return;
  methods.real = &real;
  methods.hooked = real;
  methods.hooked.xRead = read;
  methods.hooked.xWrite = write;
  methods.hooked.xSync = sync;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  const bool is_ours = (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  if (const int code = is_ours ? fault(FaultyVfs::Call::kOpen) : SQLITE_OK) return code;
  const int code = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
  if (code != SQLITE_OK || !is_ours) return code;
  Methods& methods = (flags & SQLITE_OPEN_WAL) != 0 ? log_methods : database_methods;
  hook(methods, *file->pMethods);
  file->pMethods = &methods.hooked;
  return SQLITE_OK;
}

}  // namespace

FaultyVfs::FaultyVfs() : real_(sqlite3_vfs_find(nullptr)) {
  for (Armed& one : armed) one.times = 0;
  failures = 0;
  real_vfs = real_;
  hooked_vfs = *real_;
  hooked_vfs.zName = "weir-faulty";
  hooked_vfs.xOpen = open;
  sqlite3_vfs_register(&hooked_vfs, 1);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&hooked_vfs);
  sqlite3_vfs_register(real_, 1);
}

void FaultyVfs::arm(const Fault& fault_to_come) {
  Armed& one = armed[static_cast<std::size_t>(fault_to_come.call)];
  one.code = fault_to_come.code;
  one.times = fault_to_come.times;
}

int FaultyVfs::failed() const {
  return failures;
}

}  // namespace weir::testing
