#include "weir/repositories/sqlite/reaction.h"

#include <sqlite3.h>

#include "weir/repositories/retry_policy.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;
using enum Reaction::Retry;
using enum Reaction::Connection;

constexpr int primary(int extended_code) {
  return extended_code & 0xFF;
}

}  // namespace

Reaction reaction_to(int extended_code) {
  // Extended codes whose meaning is not that of their primary one.
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return {ErrorCode::kConflict, kNever, kKeep};
    case SQLITE_IOERR_SHORT_READ:
      return {ErrorCode::kDamaged, kNever, kReplace};
    case SQLITE_IOERR_NOMEM:
      return {ErrorCode::kUnavailable, kNever, kKeep};
    case SQLITE_READONLY_DBMOVED:
      return {ErrorCode::kUnavailable, kNever, kReplace};
    default:
      break;
  }
  switch (primary(extended_code)) {
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
      return {ErrorCode::kUnavailable, kFromBegin, kKeep};
    case SQLITE_INTERRUPT:
      return {ErrorCode::kTimeout, kNever, kKeep};  // only the deadline interrupts
    case SQLITE_FULL:
      return {ErrorCode::kStorageFull, kNever, kKeep};
    case SQLITE_NOMEM:
      return {ErrorCode::kUnavailable, kNever, kKeep};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return {ErrorCode::kUnavailable, kNever, kReplace};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kDamaged, kNever, kReplace};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::kUnavailable, kNever, kReplace};
    case SQLITE_TOOBIG:
      return {ErrorCode::kInvalidArgument, kNever, kKeep};
    default:
      return {ErrorCode::kInternal, kNever, kReplace};
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
