#include "sqlite/vfs_shim.h"

namespace weir::testing {
namespace {

/// What SQLite holds for an open file; the file of the real VFS lies behind it.
struct ShimFile {
  sqlite3_file base;
  VfsShim* shim;
  const char* path;  // SQLite keeps it until the file is closed

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

ShimFile& shim_file(sqlite3_file* file) {
  return *reinterpret_cast<ShimFile*>(file);
}

const sqlite3_io_methods& real_methods(ShimFile& file) {
  return *file.real()->pMethods;
}

}  // namespace

/// The functions that SQLite calls.
struct VfsMethods {
  static VfsShim& shim_of(sqlite3_vfs* vfs) { return *static_cast<VfsShim*>(vfs->pAppData); }

  /// Makes a call unless it is to fail.
  template <class Make>
  static int relay(VfsShim& shim, const VfsRequest& request, Make make) {
    if (const VfsVerdict verdict = shim.before(request); verdict.code != SQLITE_OK) return verdict.code;
    const int code = make();
    if (code == SQLITE_OK) shim.after(request);
    return code;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* opened, int flags, int* out_flags) {
    ShimFile& file = shim_file(opened);
    file.base.pMethods = nullptr;
    file.shim = &shim_of(vfs);
    file.path = name == nullptr ? "" : name;
    sqlite3_vfs* real = file.shim->real_;
    const int code = relay(*file.shim, {.call = VfsCall::kOpen, .path = file.path},
                           [&] { return real->xOpen(real, name, file.real(), flags, out_flags); });
    if (code == SQLITE_OK) file.base.pMethods = &kFileMethods;
    return code;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    sqlite3_vfs* real = shim_of(vfs).real_;
    return relay(shim_of(vfs), {.call = VfsCall::kDelete, .path = name},
                 [&] { return real->xDelete(real, name, sync_folder); });
  }

  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* result) {
    sqlite3_vfs* real = shim_of(vfs).real_;
    return relay(shim_of(vfs), {.call = VfsCall::kAccess, .path = name},
                 [&] { return real->xAccess(real, name, flags, result); });
  }

  static int end_wait(sqlite3_vfs*, int microseconds) { return microseconds; }

  static int close(sqlite3_file* closed) {
    ShimFile& file = shim_file(closed);
    return real_methods(file).xClose(file.real());
  }

  static int read(sqlite3_file* from, void* bytes, int count, sqlite3_int64 offset) {
    ShimFile& file = shim_file(from);
    const VfsRequest request{.call = VfsCall::kRead, .path = file.path, .count = count, .offset = offset};
    return relay(*file.shim, request,
                 [&] { return real_methods(file).xRead(file.real(), bytes, count, offset); });
  }

  static int write(sqlite3_file* to, const void* bytes, int count, sqlite3_int64 offset) {
    ShimFile& file = shim_file(to);
    const VfsRequest request{VfsCall::kWrite, file.path, bytes, count, offset};
    const VfsVerdict verdict = file.shim->before(request);
    const bool is_half = verdict.code != SQLITE_OK && verdict.extent == VfsVerdict::Extent::kHalf;
    const int written = is_half ? count / 2 : count;
    if (verdict.code != SQLITE_OK && !is_half) return verdict.code;
    const int code = real_methods(file).xWrite(file.real(), bytes, written, offset);
    if (code == SQLITE_OK) file.shim->after({VfsCall::kWrite, file.path, bytes, written, offset});
    return verdict.code != SQLITE_OK ? verdict.code : code;
  }

  static int truncate(sqlite3_file* cut, sqlite3_int64 size) {
    ShimFile& file = shim_file(cut);
    return relay(*file.shim, {.call = VfsCall::kTruncate, .path = file.path, .offset = size},
                 [&] { return real_methods(file).xTruncate(file.real(), size); });
  }

  static int sync(sqlite3_file* synced, int) {
    ShimFile& file = shim_file(synced);
    return relay(*file.shim, {.call = VfsCall::kSync, .path = file.path}, [] { return SQLITE_OK; });
  }

  static int file_size(sqlite3_file* asked, sqlite3_int64* size) {
    ShimFile& file = shim_file(asked);
    return relay(*file.shim, {.call = VfsCall::kFileSize, .path = file.path},
                 [&] { return real_methods(file).xFileSize(file.real(), size); });
  }

  static int lock(sqlite3_file* locked, int level) {
    ShimFile& file = shim_file(locked);
    return relay(*file.shim, {.call = VfsCall::kLock, .path = file.path},
                 [&] { return real_methods(file).xLock(file.real(), level); });
  }

  static int unlock(sqlite3_file* unlocked, int level) {
    ShimFile& file = shim_file(unlocked);
    const int code = real_methods(file).xUnlock(file.real(), level);
    return relay(*file.shim, {.call = VfsCall::kUnlock, .path = file.path}, [&] { return code; });
  }

  static int check_reserved_lock(sqlite3_file* asked, int* result) {
    ShimFile& file = shim_file(asked);
    return relay(*file.shim, {.call = VfsCall::kCheckReservedLock, .path = file.path},
                 [&] { return real_methods(file).xCheckReservedLock(file.real(), result); });
  }

  static int file_control(sqlite3_file* asked, int operation, void* argument) {
    ShimFile& file = shim_file(asked);
    return real_methods(file).xFileControl(file.real(), operation, argument);
  }

  static int sector_size(sqlite3_file* asked) {
    ShimFile& file = shim_file(asked);
    return real_methods(file).xSectorSize(file.real());
  }

  static int device_characteristics(sqlite3_file* asked) {
    ShimFile& file = shim_file(asked);
    return real_methods(file).xDeviceCharacteristics(file.real());
  }

  static int shm_map(sqlite3_file* mapped, int page, int page_size, int extend, void volatile** address) {
    ShimFile& file = shim_file(mapped);
    return relay(*file.shim, {.call = VfsCall::kShmMap, .path = file.path},
                 [&] { return real_methods(file).xShmMap(file.real(), page, page_size, extend, address); });
  }

  static int shm_lock(sqlite3_file* locked, int offset, int count, int flags) {
    ShimFile& file = shim_file(locked);
    const auto make = [&] { return real_methods(file).xShmLock(file.real(), offset, count, flags); };
    if ((flags & SQLITE_SHM_UNLOCK) == 0) {
      return relay(*file.shim, {.call = VfsCall::kShmLock, .path = file.path}, make);
    }
    const int code = make();
    return relay(*file.shim, {.call = VfsCall::kShmUnlock, .path = file.path}, [&] { return code; });
  }

  static void shm_barrier(sqlite3_file* file) {
    real_methods(shim_file(file)).xShmBarrier(shim_file(file).real());
  }

  static int shm_unmap(sqlite3_file* unmapped, int delete_flag) {
    ShimFile& file = shim_file(unmapped);
    return real_methods(file).xShmUnmap(file.real(), delete_flag);
  }

  static int fetch(sqlite3_file* file, sqlite3_int64 offset, int count, void** address) {
    return real_methods(shim_file(file)).xFetch(shim_file(file).real(), offset, count, address);
  }

  static int unfetch(sqlite3_file* fetched, sqlite3_int64 offset, void* address) {
    ShimFile& file = shim_file(fetched);
    return relay(*file.shim, {.call = VfsCall::kUnfetch, .path = file.path},
                 [&] { return real_methods(file).xUnfetch(file.real(), offset, address); });
  }

  static const sqlite3_io_methods kFileMethods;
};

const sqlite3_io_methods VfsMethods::kFileMethods = {
    3,
    close,
    read,
    write,
    truncate,
    sync,
    file_size,
    lock,
    unlock,
    check_reserved_lock,
    file_control,
    sector_size,
    device_characteristics,
    shm_map,
    shm_lock,
    shm_barrier,
    shm_unmap,
    fetch,
    unfetch,
};

VfsShim::VfsShim(const char* name) : real_(sqlite3_vfs_find(nullptr)), hooked_(*real_) {
  hooked_.zName = name;
  hooked_.pAppData = this;
  hooked_.szOsFile = static_cast<int>(sizeof(ShimFile)) + real_->szOsFile;
  hooked_.xOpen = VfsMethods::open;
  hooked_.xDelete = VfsMethods::remove;
  hooked_.xAccess = VfsMethods::access;
  hooked_.xSleep = VfsMethods::end_wait;
  sqlite3_vfs_register(&hooked_, 1);
}

VfsShim::~VfsShim() {
  sqlite3_vfs_unregister(&hooked_);
  sqlite3_vfs_register(real_, 1);
}

std::string_view to_string(VfsCall call) {
  static constexpr std::string_view kNames[] = {"open",
                                                "delete",
                                                "access",
                                                "read",
                                                "write",
                                                "sync",
                                                "truncate",
                                                "file_size",
                                                "lock",
                                                "unlock",
                                                "check_reserved_lock",
                                                "shm_map",
                                                "shm_lock",
                                                "shm_unlock",
                                                "unfetch"};
  return kNames[static_cast<std::size_t>(call)];
}

}  // namespace weir::testing
