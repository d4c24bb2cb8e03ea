#pragma once

#include "weir/history/timestamp.h"
#include "weir/history/uuid.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

/// What a write works with: a connection that stands in a write transaction, and what it gives to new rows.
///
/// Thread-safety: one thread at a time. Lifetime: within the transaction.
struct WriteScope {
  Connection& connection;
  history::UuidV7Generator& ids;
  history::Timestamp now;
};

}  // namespace weir::repositories::sqlite
