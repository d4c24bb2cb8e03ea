#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// What must hold between the tables of a database, as numbers of rows for which it does not.
///
/// `expected` names the conversations that rows may belong to: those there are, and those that are deleted
/// and whose rows are yet to go.
struct SoundnessStatements {
  explicit SoundnessStatements(sqlite3* db) : db_(db) {}

  static constexpr const char* kExpected =
      "CREATE TEMP VIEW expected(number) AS SELECT number FROM conversations";
  static constexpr const char* kExpectedWithDeleted =
      "CREATE TEMP VIEW expected(number) AS SELECT number FROM conversations"
      " UNION ALL SELECT number FROM deleted_conversations";

  sqlite3* db_;

  Statement quick{db_, "PRAGMA quick_check(1)"};
  Statement integrity{db_, "PRAGMA integrity_check(1)"};
  Statement has_deleted{
      db_, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'deleted_conversations'"};

  Statement events{db_, "SELECT count(*) FROM events"};
  Statement conversations{db_, "SELECT count(*) FROM conversations"};

  Statement strays{db_, "SELECT count(*) FROM events WHERE place >> 32 NOT IN (SELECT number FROM expected)"};
  Statement miscounted{
      db_,
      "SELECT count(*) FROM conversations AS c WHERE c.event_count <>"
      " (SELECT count(*) FROM events WHERE place > c.number << 32 AND place < (c.number + 1) << 32)"};
  Statement beyond_last{db_,
                        "SELECT count(*) FROM conversations AS c WHERE EXISTS (SELECT 1 FROM events"
                        " WHERE place > (c.number << 32) + c.last_seq AND place < (c.number + 1) << 32)"};

  // From schema version 2 on.
  Statement stray_summaries{
      db_, "SELECT count(*) FROM summaries WHERE conversation NOT IN (SELECT number FROM expected)"};
  Statement progress_beyond_last{
      db_,
      "SELECT count(*) FROM search_progress AS p LEFT JOIN conversations AS c ON c.number = p.conversation"
      " WHERE p.conversation NOT IN (SELECT number FROM expected) OR p.indexed_seq > c.last_seq"};
  Statement state_beyond_activity{db_,
                                  "SELECT count(*) FROM search_state"
                                  " WHERE activity > (SELECT ifnull(max(activity), 0) FROM conversations)"};
  // Rows of search_docsize are what the full-text index holds, by place.
  Statement indexed_of_nothing{
      db_,
      "SELECT count(*) FROM search_docsize WHERE id NOT IN (SELECT place FROM events)"
      " AND (SELECT activity FROM search_state) >= 0"};  // an index given up holds what it holds
  Statement not_indexed{
      db_,
      "SELECT count(*) FROM search_progress AS p CROSS JOIN search_text AS t"
      " ON t.place > p.conversation << 32 AND t.place <= (p.conversation << 32) + p.indexed_seq"
      " WHERE t.place NOT IN (SELECT id FROM search_docsize)"
      " AND p.conversation IN (SELECT number FROM conversations)"};
};

}  // namespace weir::repositories::sqlite
