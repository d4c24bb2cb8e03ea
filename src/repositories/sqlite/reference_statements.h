#pragma once

#include <string>
#include <string_view>

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// What the reference service's tables are called, and which columns there are, differs from one version of
/// it to the next: these texts are made for one file.
struct ReferenceSql {
  std::string keys;           ///< of all rows: table, rowid, conversation, seq, time; by conversation
  std::string event;          ///< by rowid: the columns of chat_events, a null for one that is not there
  std::string message;        ///< by rowid: id, conversation, role, content, created_at
  std::string conversations;  ///< all: rowid, id, title, created_at, updated_at
  std::string summaries;      ///< all: rowid, start, end, summary, created_at
  std::string message_rowid;  ///< by id
  std::string has_conversation;
  std::string has_event;
};

/// Everything that is ever asked of a database of the reference service.
struct ReferenceSourceStatements {
  ReferenceSourceStatements(sqlite3* db, const ReferenceSql& sql)
      : keys(db, sql.keys.c_str()),
        event(db, sql.event.c_str()),
        message(db, sql.message.c_str()),
        conversations(db, sql.conversations.c_str()),
        summaries(db, sql.summaries.c_str()),
        message_rowid(db, sql.message_rowid.c_str()),
        has_conversation(db, sql.has_conversation.c_str()),
        has_event(db, sql.has_event.c_str()) {}

  Statement keys;
  Statement event;
  Statement message;
  Statement conversations;
  Statement summaries;
  Statement message_rowid;
  Statement has_conversation;
  Statement has_event;
};

/// What is asked of weir's own tables to fill a new database, beside what its repositories ask.
struct ReferenceTargetStatements {
  explicit ReferenceTargetStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  Statement set_times{db_, "UPDATE conversations SET created_at = ?2, updated_at = ?3 WHERE number = ?1"};
  // The most recently active first. activity is unique: the new numbers pass by below zero.
  Statement rank_below_zero{
      db_,
      "UPDATE conversations SET activity = -r.rank FROM (SELECT number, row_number() OVER"
      " (ORDER BY updated_at, id) AS rank FROM conversations) AS r WHERE conversations.number = r.number"};
  Statement rank{db_, "UPDATE conversations SET activity = -activity"};
  Statement place{db_, "SELECT place FROM events WHERE id = ?1"};
  // The messages of types 0 and 1, which summaries are made of, between two places.
  Statement messages_between{
      db_,
      "SELECT min(place), max(place), count(*) FROM events WHERE place BETWEEN ?1 AND ?2 AND type IN (0, 1)"};
  Statement overlapping_summary{
      db_, "SELECT 1 FROM summaries WHERE conversation = ?1 AND first_seq <= ?3 AND last_seq >= ?2"};
  Statement count_events{db_, "SELECT count(*) FROM events"};
  Statement count_conversations{db_, "SELECT count(*) FROM conversations"};
  Statement integrity{db_, "PRAGMA integrity_check(1)"};
};

/// Everything that is asked of a new database in the reference service's schema.
struct ReferenceExportStatements {
  explicit ReferenceExportStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  static constexpr const char* kSchema = R"sql(
CREATE TABLE chat_events(
  id TEXT PRIMARY KEY,
  conversation_id TEXT NOT NULL,
  seq INTEGER,
  timestamp TEXT,
  type TEXT NOT NULL,
  role TEXT,
  content TEXT,
  tool_calls TEXT,
  tool_call_id TEXT,
  model TEXT,
  usage TEXT,
  extra TEXT,
  token_count INTEGER,
  request_id TEXT
);
CREATE UNIQUE INDEX chat_events_by_request ON chat_events(conversation_id, request_id);
CREATE INDEX chat_events_by_seq ON chat_events(conversation_id, seq);
CREATE TEMP TABLE given_back(row INTEGER PRIMARY KEY, id, request_id);
)sql";

  Statement insert{db_, "INSERT INTO chat_events VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"};
  Statement remember{db_, "INSERT INTO given_back VALUES (last_insert_rowid(), ?1, ?2)"};
  // Names that weir could not hold, some because other rows have them: where those are in the file too, the
  // table's own constraints decide.
  Statement give_back_ids{
      db_, "UPDATE OR IGNORE chat_events SET id = g.id FROM given_back AS g WHERE g.row = chat_events.rowid"};
  Statement give_back_requests{db_,
                               "UPDATE OR IGNORE chat_events SET request_id = g.request_id"
                               " FROM given_back AS g WHERE g.row = chat_events.rowid"};
};

}  // namespace weir::repositories::sqlite
