#pragma once

#include "weir/history/error.h"
#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {

/// What a result code of SQLite means for the call, for its transaction, for the connection it happened on,
/// and for the database.
struct Reaction {
  enum class Retry {
    kNever,
    kFromBegin  ///< a lock was in the way; restart the whole transaction
  };
  enum class Transaction {
    kMemberOnly,  ///< undone is what this call did; others in the same transaction go on while it is open
    kWhole        ///< rolled back, also when SQLite has left it open: what it holds is not to be built upon
  };
  enum class Connection { kKeep, kReplace };
  enum class Trust {
    kKept,      ///< the next write tries again, and so finds out when space or a lock is there
    kNoIndex,   ///< the full-text index is damaged and is to be made anew; what it is made from is whole
    kNoWrites,  ///< the file is damaged: no further write, reads go on
    kNothing    ///< the file is not ours any more: no further call
  };

  history::ErrorCode code;
  Retry retry;
  Transaction transaction;
  Connection connection;
  Trust trust;

  friend bool operator==(const Reaction&, const Reaction&) = default;
};

/// The one place that knows. Total: any int has an answer.
Reaction reaction_to(int extended_code);

/// Throws what leaves the layer for `error`: LockedError where it may be retried, else history::Error.
[[noreturn]] void rethrow_translated(const SqliteError& error);

}  // namespace weir::repositories::sqlite
