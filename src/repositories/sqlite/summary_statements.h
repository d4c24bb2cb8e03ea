#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the table of summaries.
struct SummaryStatements {
  explicit SummaryStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  Statement of_conversation{
      db_,
      "SELECT first_seq, last_seq, message_count, text, created_at, is_full FROM summaries"
      " WHERE conversation = ?1 ORDER BY first_seq, is_full DESC"};
  Statement find{db_,
                 "SELECT first_seq, last_seq, message_count, text, created_at FROM summaries"
                 " WHERE conversation = ?1 AND first_seq = ?2 AND is_full = ?3"};
  Statement put{
      db_,
      "INSERT OR REPLACE INTO summaries(conversation, first_seq, is_full, last_seq, message_count, text,"
      " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  Statement remove_shorter{
      db_, "DELETE FROM summaries WHERE conversation = ?1 AND first_seq = ?2 AND is_full = 0"};
  Statement remove_overlapping{
      db_, "DELETE FROM summaries WHERE conversation = ?1 AND first_seq <= ?3 AND last_seq >= ?2"};

  // The messages that a summary covers: how many, and the ids of the first and the last.
  Statement covered{
      db_,
      "SELECT count(*), (SELECT id FROM events WHERE place = ?1), (SELECT id FROM events WHERE place = ?2)"
      " FROM events WHERE place BETWEEN ?1 AND ?2 AND type IN (0, 1)"};
};

}  // namespace weir::repositories::sqlite
