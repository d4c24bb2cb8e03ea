#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

// The columns of an event in the order in which event_row.cpp reads and binds them.
#define WEIR_EVENT_COLUMNS                                                                                \
  "e.place, e.id, e.timestamp, e.type, e.role, e.content_form, e.content, e.tool_calls, e.tool_call_id, " \
  "e.model, "                                                                                             \
  "e.prompt_tokens, e.completion_tokens, e.total_tokens, e.extra, e.token_count, e.request_id"

// The events of conversation c: its number stands in the upper half of their places.
#define WEIR_EVENTS_OF_C "e.place > (c.number << 32) AND e.place < ((c.number + 1) << 32)"

/// Everything that is ever asked of the table of events.
///
/// CROSS JOIN fixes the order of the loops: one conversation, then a range of its events by key.
struct EventStatements {
  explicit EventStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  // Events, one at a time.
  Statement insert_event{
      db_,
      "INSERT INTO events(place, id, timestamp, type, role, content_form, content, tool_calls,"
      " tool_call_id, model, prompt_tokens, completion_tokens, total_tokens, extra, token_count,"
      " request_id) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)"};
  Statement event_by_id{db_,
                        "SELECT " WEIR_EVENT_COLUMNS
                        ", c.id FROM events AS e CROSS JOIN conversations AS c ON c.number = e.place >> 32"
                        " WHERE e.id = ?1"};
  // The + takes the column's affinity away: with it, the expression would not match the index on it.
  Statement event_by_request{db_, "SELECT " WEIR_EVENT_COLUMNS
                                  " FROM conversations AS c CROSS JOIN events AS e"
                                  " ON e.place >> 32 = +c.number AND e.request_id = ?2 WHERE c.id = ?1"};
  Statement event_at{db_, "SELECT " WEIR_EVENT_COLUMNS " FROM events AS e WHERE e.place = ?1"};
  Statement event_exists{db_,
                         "SELECT 1 FROM events AS e CROSS JOIN conversations AS c ON c.number = e.place >> 32"
                         " WHERE e.id = ?1"};
  Statement last_place{db_,
                       "SELECT max(place) FROM events WHERE place > ?1 << 32 AND place < (?1 + 1) << 32"};
  Statement delete_event{db_, "DELETE FROM events WHERE place = ?1"};

  // Events of a conversation: ?2 and ?4 are the numbers just outside the range.
  Statement events_after{db_, "SELECT " WEIR_EVENT_COLUMNS
                              " FROM conversations AS c CROSS JOIN events AS e"
                              " ON e.place > (c.number << 32) + ?4 AND e.place < (c.number << 32) + ?2"
                              " WHERE c.id = ?1 ORDER BY e.place LIMIT ?3"};
  // The last ?3, lowest first. Where no number is unused, and that is known from the conversation's row,
  // their lowest one is computed; else it is found by walking down once more.
  Statement recent_events{
      db_, "SELECT " WEIR_EVENT_COLUMNS
           " FROM conversations AS c CROSS JOIN events AS e"
           " ON e.place >= (c.number << 32) + CASE WHEN c.event_count = c.last_seq"
           " THEN max(1, min(c.last_seq + 1, ?2) - ?3)"
           " ELSE ifnull((SELECT p.place & 0xFFFFFFFF FROM events AS p WHERE p.place > (c.number << 32)"
           " AND p.place < (c.number << 32) + ?2 ORDER BY p.place DESC LIMIT 1 OFFSET ?3 - 1), 1) END"
           " AND e.place < (c.number << 32) + ?2"
           " WHERE c.id = ?1 ORDER BY e.place LIMIT ?3"};
  Statement events_down{db_, "SELECT " WEIR_EVENT_COLUMNS
                             " FROM conversations AS c CROSS JOIN events AS e ON " WEIR_EVENTS_OF_C
                             " WHERE c.id = ?1 ORDER BY e.place DESC"};
  // Messages: type 0 is a user message, 1 an assistant message.
  Statement messages_down{db_, "SELECT " WEIR_EVENT_COLUMNS
                               " FROM conversations AS c CROSS JOIN events AS e ON " WEIR_EVENTS_OF_C
                               " AND e.type IN (0, 1) WHERE c.id = ?1 ORDER BY e.place DESC LIMIT ?2"};
  // Those between the places ?1 and ?2, both left out.
  Statement messages_between{db_, "SELECT " WEIR_EVENT_COLUMNS
                                  " FROM events AS e WHERE e.place > ?1 AND e.place < ?2"
                                  " AND e.type IN (0, 1) ORDER BY e.place"};

  // Replies. Type 5 is meta.
  Statement reply_by_name{db_,
                          "SELECT e.id FROM conversations AS c CROSS JOIN events AS e ON " WEIR_EVENTS_OF_C
                          " AND e.type = 1 AND json_extract(e.extra, '$.user_request_id') = ?2"
                          " WHERE c.id = ?1 ORDER BY e.place DESC LIMIT 1"};
  // What belongs to the request ?2 above the place ?1, deltas and the reply itself.
  Statement parts_of_reply{
      db_,
      "SELECT place, type FROM events WHERE place > ?1 AND place < ((?1 >> 32) + 1) << 32 AND type IN (1, 5)"
      " AND json_extract(extra, '$.user_request_id') = ?2"
      " AND (type = 1 OR json_extract(extra, '$.kind') = 'assistant_delta') ORDER BY place"};
  Statement next_user_message{db_,
                              "SELECT place FROM events WHERE place > ?1 AND place < ((?1 >> 32) + 1) << 32"
                              " AND type = 0 ORDER BY place LIMIT 1"};
  Statement last_unnamed_reply{
      db_,
      "SELECT id FROM events WHERE place > ?1 AND place < ?2 AND type = 1"
      " AND json_extract(extra, '$.user_request_id') IS NULL ORDER BY place DESC LIMIT 1"};
};

}  // namespace weir::repositories::sqlite
