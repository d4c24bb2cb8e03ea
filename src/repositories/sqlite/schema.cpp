#include "weir/repositories/sqlite/schema.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <array>
#include <random>

#include "weir/history/error.h"
#include "weir/history/uuid.h"
#include "weir/repositories/sqlite/sqlite_error.h"
#include "weir/repositories/sqlite/transaction.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;

// "weir" in ASCII; tells our files from others (PRAGMA application_id).
constexpr std::int64_t kApplicationId = 0x77656972;

// Version n is reached by migration n - 1.
//
// events.place is the conversation's number in the upper 32 bits and seq in the lower: the events of a
// conversation lie side by side in the order in which they are read, and one key serves what would take an
// index on (conversation_id, seq). conversations.activity counts appends over all conversations: it orders
// the list without a clock.
constexpr std::array<const char*, 3> kMigrations = {
    R"sql(
CREATE TABLE weir_database(
  key INTEGER PRIMARY KEY CHECK (key = 1),
  database_id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE conversations(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT,
  event_count INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  activity INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE events(
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  timestamp INTEGER NOT NULL,
  type INTEGER NOT NULL,
  role INTEGER,
  content_form INTEGER NOT NULL,
  content TEXT,
  tool_calls TEXT,
  tool_call_id TEXT,
  model TEXT,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  total_tokens INTEGER,
  extra TEXT,
  token_count INTEGER NOT NULL,
  request_id TEXT
) STRICT;

CREATE UNIQUE INDEX events_by_request ON events(place >> 32, request_id) WHERE request_id IS NOT NULL;
)sql",
    // What is kept besides events. A setting without a value is deleted; its version goes on. Values and
    // confidences are history::FixedPoint.
    //
    // The full-text index keeps no text: it takes it from search_text when it shows where a word stands,
    // which leaves kHighlightBegin and kHighlightEnd to the highlights. search_index.h says how far it
    // reaches. A view may use no function that SQLite does not call harmless, so json_tree() in place of
    // json_extract().
    R"sql(
CREATE TABLE summaries(
  conversation INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  is_full INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  message_count INTEGER NOT NULL,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (conversation, first_seq, is_full)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings(
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  version INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE traits(
  number INTEGER PRIMARY KEY,
  user TEXT NOT NULL,
  dimension TEXT NOT NULL,
  value INTEGER NOT NULL,
  confidence INTEGER NOT NULL,
  updates INTEGER NOT NULL,
  context TEXT,
  updated_at INTEGER NOT NULL,
  UNIQUE (user, dimension)
) STRICT;

CREATE TABLE trait_changes(
  trait INTEGER NOT NULL,
  number INTEGER NOT NULL,
  value INTEGER NOT NULL,
  confidence INTEGER NOT NULL,
  context TEXT,
  request_id TEXT,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (trait, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX trait_changes_by_request ON trait_changes(trait, request_id) WHERE request_id IS NOT NULL;

CREATE VIEW search_text(place, text) AS
SELECT place, replace(replace(
  CASE content_form WHEN 0 THEN content
  ELSE (SELECT group_concat(atom, ' ') FROM json_tree(content) WHERE key = 'text') END,
  '⟦', '['), '⟧', ']')
FROM events WHERE type IN (0, 1) AND content IS NOT NULL;

CREATE VIRTUAL TABLE search USING fts5(text, content = 'search_text', content_rowid = 'place',
  tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE search_progress(
  conversation INTEGER PRIMARY KEY,
  indexed_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE search_state(
  key INTEGER PRIMARY KEY CHECK (key = 1),
  activity INTEGER NOT NULL
) STRICT;

INSERT INTO search_state(key, activity) VALUES (1, 0);
)sql",
    // Conversations that are deleted and still have events; deletion.h says how those go. And segments of the
    // full-text index are merged beside the calls (merge_some()), in a COMMIT only when that did not keep up.
    R"sql(
CREATE TABLE deleted_conversations(
  number INTEGER PRIMARY KEY
) STRICT;

INSERT INTO search(search, rank) VALUES ('automerge', 0);
INSERT INTO search(search, rank) VALUES ('crisismerge', 256);
)sql",
};

std::int64_t query_number(sqlite3* db, const char* sql) {
  Statement statement(db, sql);
  auto run = statement.run();
  return run.step() ? run.integer(0) : 0;
}

void write_sentinel(Connection& connection, history::Timestamp now) {
  history::UuidV7Generator ids(std::random_device{}());
  Statement statement(connection.handle(),
                      "INSERT INTO weir_database(key, database_id, created_at) VALUES (1, ?1, ?2)");
  const std::string id = ids.next(now);
  statement.run().bind(id).bind(now.time_since_epoch().count()).execute();
}

void run_migration(Connection& connection, std::size_t index, history::Timestamp now) {
  connection.execute(kMigrations[index]);
  if (index == 0) {
    write_sentinel(connection, now);
    connection.execute(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
  }
  connection.execute(("PRAGMA user_version = " + std::to_string(index + 1)).c_str());
}

/// `path`, an absolute one, as a shell takes it for one word.
std::string quoted(const std::string& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (path.find_first_not_of(kPlain) == std::string::npos) return path;
  std::string word = "'";
  for (const char c : path) c == '\'' ? word += "'\\''" : word += c;
  return word + '\'';
}

void refuse_foreign(const SchemaState& state, const std::string& path) {
  if (state.is_reference) {
    throw Error(
        ErrorCode::kUnsupported,
        path + " is a database of the reference service; bring it over with: weir migrate " + quoted(path));
  }
  if (state.is_foreign) throw Error(ErrorCode::kUnsupported, path + " is a database of another program");
  if (state.version > newest_schema_version()) {
    throw Error(ErrorCode::kUnsupported,
                path + " has schema version " + std::to_string(state.version) + ", newer than version " +
                    std::to_string(newest_schema_version()) + ", which this weir knows");
  }
}

}  // namespace

int newest_schema_version() {
  return static_cast<int>(kMigrations.size());
}

SchemaState inspect_schema(sqlite3* db) {
  const std::int64_t application = query_number(db, "PRAGMA application_id");
  const std::int64_t version = query_number(db, "PRAGMA user_version");
  if (application == kApplicationId) return {static_cast<int>(version), false, false};
  const bool has_tables = query_number(db, "SELECT count(*) FROM sqlite_schema") > 0;
  const bool is_reference =
      query_number(db,
                   "SELECT sum(name = 'chat_events') OR sum(name IN ('conversations', 'messages')) = 2"
                   " FROM sqlite_schema WHERE type = 'table'") != 0;
  return {0, has_tables, is_reference};
}

bool has_sentinel(sqlite3* db) {
  return query_number(db, "SELECT count(*) FROM weir_database WHERE key = 1") == 1;
}

void refuse_foreign_file(const std::string& path) {
  try {
    SQLite::Database database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX);
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    refuse_foreign(inspect_schema(database.getHandle()), path);
  } catch (const SQLite::Exception& error) {
    throw SqliteError(error.getExtendedErrorCode(), "opening the database");
  } catch (const SqliteError& error) {
    // Who waits for a lock within the deadline comes next.
    if ((error.code() & 0xFF) != SQLITE_BUSY) throw;
  }
}

void migrate(Connection& connection, const std::string& path, history::Timestamp now) {
  for (;;) {
    // Looked at inside the transaction: another process may be migrating the same file.
    WriteTransaction transaction(connection);
    const SchemaState state = inspect_schema(connection.handle());
    refuse_foreign(state, path);
    if (state.version == newest_schema_version()) return;
    run_migration(connection, static_cast<std::size_t>(state.version), now);
    transaction.commit();
  }
}

}  // namespace weir::repositories::sqlite
