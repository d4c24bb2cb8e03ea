#pragma once

#include "weir/repositories/sqlite/event_statements.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the full-text index, and of how far it reaches.
struct SearchStatements {
  explicit SearchStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  // How far the index reaches.
  Statement newest_pending{
      db_, "SELECT max(activity) FROM conversations WHERE activity > (SELECT activity FROM search_state)"};
  Statement state{db_, "SELECT activity FROM search_state"};
  Statement next_pending{
      db_,
      "SELECT c.number, c.activity, c.last_seq, ifnull(p.indexed_seq, 0) FROM conversations AS c"
      " LEFT JOIN search_progress AS p ON p.conversation = c.number WHERE c.activity > ?1"
      " ORDER BY c.activity LIMIT 1"};
  Statement progress{db_, "SELECT indexed_seq FROM search_progress WHERE conversation = ?1"};
  Statement set_progress{db_,
                         "INSERT OR REPLACE INTO search_progress(conversation, indexed_seq) VALUES (?1, ?2)"};
  Statement set_state{db_, "UPDATE search_state SET activity = ?1"};

  // What there is to index above the place ?1, up to ?2: its bytes, or null where there is no text.
  Statement candidates{
      db_,
      "SELECT place, CASE WHEN type IN (0, 1) THEN length(CAST(content AS BLOB)) END FROM events"
      " WHERE place > ?1 AND place <= ?2 ORDER BY place"};

  // What changes the index takes one row of values, and not what a SELECT finds: SQLite then need not be able
  // to undo the statement alone, for which FTS5 writes out what it has gathered, a segment each time.
  Statement texts{db_, "SELECT place, text FROM search_text WHERE place BETWEEN ?1 AND ?2"};
  Statement insert{db_, "INSERT INTO search(rowid, text) VALUES (?1, ?2)"};
  // The index is told the text that it holds of an event.
  Statement remove{db_, "INSERT INTO search(search, rowid, text) VALUES ('delete', ?1, ?2)"};
  // Up to so many pages are written, and then the list of one word to its end.
  Statement merge{db_, "INSERT INTO search(search, rank) VALUES ('merge', ?1)"};
  // Numbers from ?2 on will be given again when none above ?3 is in use.
  Statement lower_progress{
      db_,
      "UPDATE search_progress SET indexed_seq = ?2 - 1 WHERE conversation = ?1 AND indexed_seq >= ?2"
      " AND NOT EXISTS (SELECT 1 FROM events WHERE place > (?1 << 32) + ?3 AND place < (?1 + 1) << 32)"};
  Statement remove_all_progress{db_, "DELETE FROM search_progress"};
  Statement remove_progress{db_, "DELETE FROM search_progress WHERE conversation = ?1"};
  Statement newest_besides{
      db_,
      "SELECT ifnull((SELECT max(activity) FROM conversations WHERE activity > c.activity),"
      " (SELECT max(activity) FROM conversations WHERE activity < c.activity))"
      " FROM conversations AS c WHERE c.number = ?1"};
  Statement lower_state{db_, "UPDATE search_state SET activity = ?1 WHERE activity > ?1"};

  // A damaged index. FTS5 keeps how its segments lie in the row 10, and what it counts in the row 1; an empty
  // index has these.
  Statement give_up{db_, "UPDATE search_state SET activity = -1 WHERE activity >= 0"};
  Statement begin_anew{db_, "UPDATE search_state SET activity = 0"};
  Statement forget_segments{
      db_, "INSERT OR REPLACE INTO search_data(id, block) VALUES (1, x''), (10, zeroblob(7))"};
  Statement empty_data{
      db_, "DELETE FROM search_data WHERE id IN (SELECT id FROM search_data WHERE id > 10 LIMIT 500)"};
  Statement empty_terms{
      db_, "DELETE FROM search_idx WHERE (segid, term) IN (SELECT segid, term FROM search_idx LIMIT 1000)"};
  Statement empty_sizes{db_,
                        "DELETE FROM search_docsize WHERE id IN (SELECT id FROM search_docsize LIMIT 1000)"};
  Statement clear{db_, "INSERT INTO search(search) VALUES ('delete-all')"};

  // Finding: places and ranks of one page, then an event of it at a time, for a snippet is worth making only
  // of what is shown.
  Statement best{
      db_,
      "SELECT rowid, rank FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3"
      " AND NOT EXISTS (SELECT 1 FROM deleted_conversations AS d WHERE d.number = search.rowid >> 32)"
      " ORDER BY rank, rowid LIMIT ?4 OFFSET ?5"};
  Statement hit{db_, "SELECT " WEIR_EVENT_COLUMNS
                     ", c.id, snippet(search, 0, ?3, ?4, '…', 24)"
                     " FROM search CROSS JOIN events AS e ON e.place = search.rowid"
                     " CROSS JOIN conversations AS c ON c.number = e.place >> 32"
                     " WHERE search MATCH ?1 AND search.rowid = ?2"};
};

}  // namespace weir::repositories::sqlite
