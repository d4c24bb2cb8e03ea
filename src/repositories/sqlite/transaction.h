#pragma once

#include <cstdint>

#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

/// BEGIN IMMEDIATE to COMMIT, or to ROLLBACK when destroyed before.
///
/// Thread-safety: as its connection. Lifetime: the write ticket is held longer.
/// Errors: SqliteError from the constructor and, as CommitError, from
/// commit().
class [[nodiscard]] WriteTransaction {
 public:
  explicit WriteTransaction(Connection& connection);
  WriteTransaction(const WriteTransaction&) = delete;
  WriteTransaction& operator=(const WriteTransaction&) = delete;
  ~WriteTransaction();

  /// After an error the outcome is unknown: a failed sync may leave what the next recovery finds.
  void commit();

 private:
  Connection& connection_;
};

/// How many rows the connection has changed since it was opened.
std::int64_t rows_changed(const Connection& connection);

/// A part of a write transaction that can be undone alone; undone when destroyed before release().
///
/// Thread-safety: as its connection. Errors: SqliteError from the constructor and from release(). When SQLite
/// has given up the whole transaction there is nothing left to undo.
class [[nodiscard]] Savepoint {
 public:
  explicit Savepoint(Connection& connection);
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint();

  void release();

 private:
  Connection& connection_;
  bool is_open_ = true;
};

/// One snapshot for several statements.
///
/// Thread-safety: as its connection.
class [[nodiscard]] ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection);
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Connection& connection_;
};

}  // namespace weir::repositories::sqlite
