#pragma once

#include "weir/repositories/sqlite/event_statements.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the events that retention lets go.
struct RetentionStatements {
  explicit RetentionStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  // Conversations. ?2 is 1 where the time of the first event is wanted.
  Statement newest{db_,
                   "SELECT number, created_at, activity FROM conversations ORDER BY activity DESC LIMIT 1"};
  Statement is_there{db_, "SELECT 1 FROM conversations WHERE number = ?1 AND created_at = ?2"};
  Statement portion{db_,
                    "SELECT c.number, c.created_at, c.event_count, c.activity, CASE WHEN ?2 THEN"
                    " (SELECT e.timestamp FROM events AS e WHERE " WEIR_EVENTS_OF_C
                    " ORDER BY e.place LIMIT 1) END"
                    " FROM conversations AS c WHERE c.number > ?1 ORDER BY c.number LIMIT ?3"};
  Statement last_event{
      db_,
      "SELECT c.last_seq, e.place, e.id FROM conversations AS c CROSS JOIN events AS e ON " WEIR_EVENTS_OF_C
      " WHERE c.number = ?1 AND c.created_at = ?2 ORDER BY e.place DESC LIMIT 1"};
  // The conversation's last seq, if ?3 is still the event ?4 of it.
  Statement last_seq{db_,
                     "SELECT c.last_seq FROM conversations AS c CROSS JOIN events AS e"
                     " ON e.place = ?3 AND e.id = ?4 WHERE c.number = ?1 AND c.created_at = ?2"};

  // Whether a tool's result, type 3, stands behind the place ?1 in its conversation.
  Statement result_behind{db_,
                          "SELECT 1 FROM events WHERE place > ?1 AND place < ((?1 >> 32) + 1) << 32"
                          " AND type = 3 LIMIT 1"};

  // Events of conversation ?1. Types 0 and 1 are user and assistant messages.
  Statement messages_down{db_,
                          "SELECT place FROM events WHERE place > ?1 << 32 AND place < (?1 + 1) << 32"
                          " AND type IN (0, 1) ORDER BY place DESC LIMIT 2 OFFSET ?2"};
  Statement tokens_down{db_,
                        "SELECT place, token_count FROM events"
                        " WHERE place > ?1 << 32 AND place < (?1 + 1) << 32 ORDER BY place DESC"};
  Statement up{db_,
               "SELECT place, type, timestamp, tool_calls, tool_call_id FROM events"
               " WHERE place > ?1 << 32 AND place < (?1 + 1) << 32 ORDER BY place"};
};

}  // namespace weir::repositories::sqlite
