#pragma once

#include <sqlite3.h>

#include <vector>

#include "weir/repositories/sqlite/reaction.h"

namespace weir::testing {

/// A result code of SQLite with what was decided, in review, that it means.
struct ReviewedReaction {
  const char* name;
  int code;
  repositories::sqlite::Reaction reaction;
  unsigned http_status;
};

/// The decisions, one for each kind of trouble: what the caller is told, whether the call is tried again, how
/// much of its transaction is lost, what becomes of the connection, whether the file is trusted, and the
/// status over HTTP.
namespace reviewed {

using history::ErrorCode;
using enum repositories::sqlite::Reaction::Retry;
using enum repositories::sqlite::Reaction::Transaction;
using enum repositories::sqlite::Reaction::Connection;
using enum repositories::sqlite::Reaction::Trust;

struct Decision {
  repositories::sqlite::Reaction reaction;
  unsigned http_status;
};

inline constexpr Decision kContention{{ErrorCode::kUnavailable, kFromBegin, kWhole, kKeep, kKept}, 503};
inline constexpr Decision kNoSpace{{ErrorCode::kStorageFull, kNever, kWhole, kKeep, kKept}, 507};
inline constexpr Decision kNoMemory{{ErrorCode::kUnavailable, kNever, kWhole, kKeep, kKept}, 503};
inline constexpr Decision kDisk{{ErrorCode::kUnavailable, kNever, kWhole, kReplace, kKept}, 503};
inline constexpr Decision kDamage{{ErrorCode::kDamaged, kNever, kWhole, kReplace, kNoWrites}, 500};
inline constexpr Decision kIndexDamage{{ErrorCode::kUnavailable, kNever, kWhole, kKeep, kNoIndex}, 503};
inline constexpr Decision kMoved{{ErrorCode::kUnavailable, kNever, kWhole, kReplace, kNothing}, 503};
inline constexpr Decision kCancelled{{ErrorCode::kTimeout, kNever, kMemberOnly, kKeep, kKept}, 503};
inline constexpr Decision kTaken{{ErrorCode::kConflict, kNever, kMemberOnly, kKeep, kKept}, 409};
inline constexpr Decision kTooLarge{{ErrorCode::kInvalidArgument, kNever, kMemberOnly, kKeep, kKept}, 400};
inline constexpr Decision kRefused{{ErrorCode::kInternal, kNever, kMemberOnly, kKeep, kKept}, 500};
inline constexpr Decision kBug{{ErrorCode::kInternal, kNever, kWhole, kReplace, kKept}, 500};

}  // namespace reviewed

/// Every result code of SQLite 3.40, primary and extended.
inline std::vector<ReviewedReaction> reviewed_reactions() {
  using namespace reviewed;
#define WEIR_REVIEWED(code, decision) \
  { #code, code, decision.reaction, decision.http_status }
  // clang-format off
  return {
      WEIR_REVIEWED(SQLITE_OK, kBug),
      WEIR_REVIEWED(SQLITE_ERROR, kBug),
      WEIR_REVIEWED(SQLITE_INTERNAL, kBug),
      WEIR_REVIEWED(SQLITE_PERM, kDisk),
      WEIR_REVIEWED(SQLITE_ABORT, kBug),
      WEIR_REVIEWED(SQLITE_BUSY, kContention),
      WEIR_REVIEWED(SQLITE_LOCKED, kBug),
      WEIR_REVIEWED(SQLITE_NOMEM, kNoMemory),
      WEIR_REVIEWED(SQLITE_READONLY, kDisk),
      WEIR_REVIEWED(SQLITE_INTERRUPT, kCancelled),
      WEIR_REVIEWED(SQLITE_IOERR, kDisk),
      WEIR_REVIEWED(SQLITE_CORRUPT, kDamage),
      WEIR_REVIEWED(SQLITE_NOTFOUND, kBug),
      WEIR_REVIEWED(SQLITE_FULL, kNoSpace),
      WEIR_REVIEWED(SQLITE_CANTOPEN, kDisk),
      WEIR_REVIEWED(SQLITE_PROTOCOL, kContention),
      WEIR_REVIEWED(SQLITE_EMPTY, kBug),
      WEIR_REVIEWED(SQLITE_SCHEMA, kBug),
      WEIR_REVIEWED(SQLITE_TOOBIG, kTooLarge),
      WEIR_REVIEWED(SQLITE_CONSTRAINT, kRefused),
      WEIR_REVIEWED(SQLITE_MISMATCH, kBug),
      WEIR_REVIEWED(SQLITE_MISUSE, kBug),
      WEIR_REVIEWED(SQLITE_NOLFS, kBug),
      WEIR_REVIEWED(SQLITE_AUTH, kBug),
      WEIR_REVIEWED(SQLITE_FORMAT, kBug),
      WEIR_REVIEWED(SQLITE_RANGE, kBug),
      WEIR_REVIEWED(SQLITE_NOTADB, kDamage),
      WEIR_REVIEWED(SQLITE_NOTICE, kBug),
      WEIR_REVIEWED(SQLITE_WARNING, kBug),
      WEIR_REVIEWED(SQLITE_ROW, kBug),
      WEIR_REVIEWED(SQLITE_DONE, kBug),
      WEIR_REVIEWED(SQLITE_ERROR_MISSING_COLLSEQ, kBug),
      WEIR_REVIEWED(SQLITE_ERROR_RETRY, kBug),
      WEIR_REVIEWED(SQLITE_ERROR_SNAPSHOT, kBug),
      WEIR_REVIEWED(SQLITE_IOERR_READ, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_SHORT_READ, kDamage),
      WEIR_REVIEWED(SQLITE_IOERR_WRITE, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_FSYNC, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_DIR_FSYNC, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_TRUNCATE, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_FSTAT, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_UNLOCK, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_RDLOCK, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_DELETE, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_BLOCKED, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_NOMEM, kNoMemory),
      WEIR_REVIEWED(SQLITE_IOERR_ACCESS, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_CHECKRESERVEDLOCK, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_LOCK, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_CLOSE, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_DIR_CLOSE, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_SHMOPEN, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_SHMSIZE, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_SHMLOCK, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_SHMMAP, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_SEEK, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_DELETE_NOENT, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_MMAP, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_GETTEMPPATH, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_CONVPATH, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_VNODE, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_AUTH, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_BEGIN_ATOMIC, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_COMMIT_ATOMIC, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_ROLLBACK_ATOMIC, kDisk),
      WEIR_REVIEWED(SQLITE_IOERR_DATA, kDamage),
      WEIR_REVIEWED(SQLITE_IOERR_CORRUPTFS, kDamage),
      WEIR_REVIEWED(SQLITE_LOCKED_SHAREDCACHE, kBug),
      WEIR_REVIEWED(SQLITE_LOCKED_VTAB, kBug),
      WEIR_REVIEWED(SQLITE_BUSY_RECOVERY, kContention),
      WEIR_REVIEWED(SQLITE_BUSY_SNAPSHOT, kContention),
      WEIR_REVIEWED(SQLITE_BUSY_TIMEOUT, kContention),
      WEIR_REVIEWED(SQLITE_CANTOPEN_NOTEMPDIR, kDisk),
      WEIR_REVIEWED(SQLITE_CANTOPEN_ISDIR, kDisk),
      WEIR_REVIEWED(SQLITE_CANTOPEN_FULLPATH, kDisk),
      WEIR_REVIEWED(SQLITE_CANTOPEN_CONVPATH, kDisk),
      WEIR_REVIEWED(SQLITE_CANTOPEN_DIRTYWAL, kDisk),
      WEIR_REVIEWED(SQLITE_CANTOPEN_SYMLINK, kDisk),
      WEIR_REVIEWED(SQLITE_CORRUPT_VTAB, kIndexDamage),
      WEIR_REVIEWED(SQLITE_CORRUPT_SEQUENCE, kDamage),
      WEIR_REVIEWED(SQLITE_CORRUPT_INDEX, kDamage),
      WEIR_REVIEWED(SQLITE_READONLY_RECOVERY, kDisk),
      WEIR_REVIEWED(SQLITE_READONLY_CANTLOCK, kDisk),
      WEIR_REVIEWED(SQLITE_READONLY_ROLLBACK, kDisk),
      WEIR_REVIEWED(SQLITE_READONLY_DBMOVED, kMoved),
      WEIR_REVIEWED(SQLITE_READONLY_CANTINIT, kDisk),
      WEIR_REVIEWED(SQLITE_READONLY_DIRECTORY, kDisk),
      WEIR_REVIEWED(SQLITE_ABORT_ROLLBACK, kBug),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_CHECK, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_COMMITHOOK, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_FOREIGNKEY, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_FUNCTION, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_NOTNULL, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_PRIMARYKEY, kTaken),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_TRIGGER, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_UNIQUE, kTaken),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_VTAB, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_ROWID, kTaken),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_PINNED, kRefused),
      WEIR_REVIEWED(SQLITE_CONSTRAINT_DATATYPE, kRefused),
      WEIR_REVIEWED(SQLITE_NOTICE_RECOVER_WAL, kBug),
      WEIR_REVIEWED(SQLITE_NOTICE_RECOVER_ROLLBACK, kBug),
      WEIR_REVIEWED(SQLITE_WARNING_AUTOINDEX, kBug),
      WEIR_REVIEWED(SQLITE_AUTH_USER, kBug),
      WEIR_REVIEWED(SQLITE_OK_LOAD_PERMANENTLY, kBug),
      WEIR_REVIEWED(SQLITE_OK_SYMLINK, kBug),
  };
  // clang-format on
#undef WEIR_REVIEWED
}

}  // namespace weir::testing
