#include "weir/repositories/sqlite/reaction.h"

#include <sqlite3.h>

#include "weir/repositories/retry_policy.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;
using enum Reaction::Retry;
using enum Reaction::Transaction;
using enum Reaction::Connection;
using enum Reaction::Trust;

constexpr Reaction kContention{ErrorCode::kUnavailable, kFromBegin, kWhole, kKeep, kKept};
constexpr Reaction kNoSpace{ErrorCode::kStorageFull, kNever, kWhole, kKeep, kKept};
constexpr Reaction kNoMemory{ErrorCode::kUnavailable, kNever, kWhole, kKeep, kKept};
constexpr Reaction kDisk{ErrorCode::kUnavailable, kNever, kWhole, kReplace, kKept};
constexpr Reaction kDamage{ErrorCode::kDamaged, kNever, kWhole, kReplace, kNoWrites};
constexpr Reaction kIndexDamage{ErrorCode::kUnavailable, kNever, kWhole, kKeep, kNoIndex};
constexpr Reaction kMoved{ErrorCode::kUnavailable, kNever, kWhole, kReplace, kNothing};
// Only the deadline interrupts. SQLite has rolled a write back; an interrupted read has changed nothing.
constexpr Reaction kCancelled{ErrorCode::kTimeout, kNever, kMemberOnly, kKeep, kKept};
constexpr Reaction kTaken{ErrorCode::kConflict, kNever, kMemberOnly, kKeep, kKept};
constexpr Reaction kTooLarge{ErrorCode::kInvalidArgument, kNever, kMemberOnly, kKeep, kKept};
// The schema refused what weir should not have tried; the connection did as it was told.
constexpr Reaction kRefused{ErrorCode::kInternal, kNever, kMemberOnly, kKeep, kKept};
constexpr Reaction kBug{ErrorCode::kInternal, kNever, kWhole, kReplace, kKept};

constexpr int primary(int extended_code) {
  return extended_code & 0xFF;
}

Reaction reaction_to_primary(int code) {
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
      return kContention;
    case SQLITE_INTERRUPT:
      return kCancelled;
    case SQLITE_FULL:
      return kNoSpace;
    case SQLITE_NOMEM:
      return kNoMemory;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return kDisk;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return kDamage;
    case SQLITE_CONSTRAINT:
      return kRefused;
    case SQLITE_TOOBIG:
      return kTooLarge;
    default:
      return kBug;
  }
}

}  // namespace

Reaction reaction_to(int extended_code) {
  // Extended codes whose meaning is not that of their primary one.
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return kTaken;
    case SQLITE_IOERR_SHORT_READ:
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
      return kDamage;
    case SQLITE_CORRUPT_VTAB:
      return kIndexDamage;
    case SQLITE_IOERR_NOMEM:
      return kNoMemory;
    case SQLITE_READONLY_DBMOVED:
      return kMoved;
    default:
      return reaction_to_primary(primary(extended_code));
  }
}

void rethrow_translated(const SqliteError& error) {
  if (dynamic_cast<const CommitError*>(&error) != nullptr) {
    throw Error(ErrorCode::kUnknownOutcome,
                std::string(error.what()) + "; stored or not is unknown, repeat it with the same request_id");
  }
  const Reaction reaction = reaction_to(error.code());
  if (reaction.retry == kFromBegin) throw LockedError(error.what());
  throw Error(reaction.code, error.what());
}

}  // namespace weir::repositories::sqlite
