#pragma once

#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

/// BEGIN IMMEDIATE to COMMIT, or to ROLLBACK when destroyed before.
///
/// The write ticket is held by the caller. Errors: SqliteError from the constructor and, as CommitError, from
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

/// One snapshot for several statements.
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
