#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the table of deleted conversations and of what is left of them.
struct DeletionStatements {
  explicit DeletionStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  Statement hide{db_, "INSERT INTO deleted_conversations(number) VALUES (?1)"};
  Statement hide_all{db_, "INSERT INTO deleted_conversations(number) SELECT number FROM conversations"};
  Statement next{
      db_, "SELECT number FROM deleted_conversations WHERE number BETWEEN ?1 AND ?2 ORDER BY number LIMIT 1"};
  Statement forget{db_, "DELETE FROM deleted_conversations WHERE number = ?1"};
  // With how much text each holds.
  Statement first_events{
      db_,
      "SELECT place, ifnull(length(content), 0) + ifnull(length(tool_calls), 0) + ifnull(length(extra), 0)"
      " FROM events WHERE place > ?1 << 32 AND place < (?1 + 1) << 32 ORDER BY place"};
  Statement owner{db_,
                  "SELECT e.place, c.number IS NOT NULL FROM events AS e"
                  " LEFT JOIN conversations AS c ON c.number = e.place >> 32 WHERE e.id = ?1"};
};

}  // namespace weir::repositories::sqlite
