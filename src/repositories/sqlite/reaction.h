#pragma once

#include "weir/history/error.h"
#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {

/// What a result code of SQLite means for the call, for its transaction and for the connection it happened
/// on.
struct Reaction {
  enum class Retry {
    kNever,
    kFromBegin
  };  ///< kFromBegin: a lock was in the way; restart the whole transaction
  enum class Connection { kKeep, kReplace };

  history::ErrorCode code;
  Retry retry;
  Connection connection;
};

/// The one place that knows. Total: any int has an answer.
Reaction reaction_to(int extended_code);

/// Throws what leaves the layer for `error`: LockedError where it may be retried, else history::Error.
[[noreturn]] void rethrow_translated(const SqliteError& error);

}  // namespace weir::repositories::sqlite
