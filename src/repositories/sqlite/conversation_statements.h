#pragma once

#include "weir/repositories/sqlite/event_statements.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

// A conversation with its last user or assistant message, in the order in which conversation_reads.cpp reads.
#define WEIR_CONVERSATION_COLUMNS                                                                     \
  "c.id, c.title, c.event_count, c.last_seq, c.created_at, c.updated_at, c.activity, p.content_form," \
  " p.content"                                                                                        \
  " FROM conversations AS c LEFT JOIN events AS p ON p.place = (SELECT e.place FROM events AS e"      \
  " WHERE " WEIR_EVENTS_OF_C " AND e.type IN (0, 1) ORDER BY e.place DESC LIMIT 1)"

/// Everything that is ever asked of the table of conversations.
struct ConversationStatements {
  explicit ConversationStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  Statement find{db_, "SELECT number, last_seq, title IS NOT NULL FROM conversations WHERE id = ?1"};
  Statement insert{
      db_,
      "INSERT INTO conversations(number, id, event_count, last_seq, created_at, updated_at, activity)"
      " VALUES (1 + max((SELECT ifnull(max(number), 0) FROM conversations),"
      " (SELECT ifnull(max(number), 0) FROM deleted_conversations)), ?1, 0, 0, ?2, ?2,"
      " (SELECT ifnull(max(activity), 0) + 1 FROM conversations)) RETURNING number"};
  Statement advance{db_,
                    "UPDATE conversations SET last_seq = ?2, event_count = event_count + 1, updated_at = ?3,"
                    " title = ifnull(title, ?4), activity = (SELECT max(activity) + 1 FROM conversations) "
                    "WHERE number = ?1"};
  Statement shorten{
      db_, "UPDATE conversations SET last_seq = ?2, event_count = event_count - 1 WHERE number = ?1"};
  Statement remove{db_, "DELETE FROM conversations WHERE number = ?1"};
  Statement rename{db_, "UPDATE conversations SET title = ?2 WHERE number = ?1"};
  Statement discount{db_, "UPDATE conversations SET event_count = event_count - ?2 WHERE number = ?1"};
  Statement list{
      db_, "SELECT " WEIR_CONVERSATION_COLUMNS " WHERE c.activity < ?1 ORDER BY c.activity DESC LIMIT ?2"};
  Statement by_id{db_, "SELECT " WEIR_CONVERSATION_COLUMNS " WHERE c.id = ?1"};
  Statement ids{db_, "SELECT id FROM conversations WHERE id > ?1 ORDER BY id LIMIT ?2"};
  Statement count_events{db_, "SELECT ifnull(sum(event_count), 0) FROM conversations"};
  Statement delete_all{db_, "DELETE FROM conversations"};
};

}  // namespace weir::repositories::sqlite
