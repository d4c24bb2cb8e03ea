#include "weir/repositories/sqlite/reference_tables.h"

#include <algorithm>
#include <initializer_list>

#include "weir/history/error.h"
#include "weir/history/imported_event.h"
#include "weir/history/utf8.h"

namespace weir::repositories::sqlite {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

Names names_from(sqlite3* db, const char* sql, std::string_view of) {
  Statement statement(db, sql);
  auto run = statement.run();
  if (!of.empty()) run.bind(of);
  Names names;
  while (run.step()) names.emplace_back(run.text(0));
  return names;
}

/// A table that is looked for, and which of the columns that are looked for it has.
class Table {
 public:
  Table(sqlite3* db, std::string name)
      : name_(std::move(name)), columns_(names_from(db, "SELECT name FROM pragma_table_info(?1)", name_)) {}

  bool exists() const { return !columns_.empty(); }
  const Names& columns() const { return columns_; }

  void require(const char* column) const {
    if (has(columns_, column)) return;
    throw history::Error(history::ErrorCode::kUnsupported, name_ + " has no column " + column);
  }

  /// A null stands for a column that is not there.
  std::string column(std::string_view name) const {
    return has(columns_, name) ? '"' + std::string(name) + '"' : "NULL";
  }

  std::string select(std::initializer_list<std::string_view> names) const {
    std::string sql = "SELECT rowid";
    for (const std::string_view name : names) sql += ", " + column(name);
    return sql + " FROM " + name_;
  }

 private:
  std::string name_;
  Names columns_;
};

/// Numbers name conversations as the texts that they print as; bytes that are no text stay apart.
std::string conversation_of(const Table& table, std::string_view column) {
  const std::string name = table.column(column);
  return "CASE typeof(" + name + ") WHEN 'blob' THEN " + name + " ELSE CAST(" + name + " AS TEXT) END";
}

std::string keys_of_events(const Table& events) {
  return "SELECT 0, rowid, " + conversation_of(events, "conversation_id") + ", " + events.column("seq") +
         ", " + events.column("timestamp") + " FROM chat_events";
}

std::string keys_of_messages(const Table& messages) {
  return "SELECT 1, rowid, " + conversation_of(messages, "conversation_id") + ", NULL, " +
         messages.column("created_at") + " FROM messages";
}

std::string event_by_rowid(const Table& events) {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < history::kFieldCount; ++i) {
    sql += (i == 0 ? "" : ", ") + events.column(to_string(static_cast<history::Field>(i)));
  }
  return sql + " FROM chat_events WHERE rowid = ?1";
}

std::string message_by_rowid(const Table& messages) {
  return "SELECT " + messages.column("id") + ", " + conversation_of(messages, "conversation_id") + ", " +
         messages.column("role") + ", " + messages.column("content") + ", " + messages.column("created_at") +
         " FROM messages WHERE rowid = ?1";
}

std::string conversation_rows(const Table& conversations) {
  return "SELECT rowid, " + conversation_of(conversations, "id") + ", " + conversations.column("title") +
         ", " + conversations.column("created_at") + ", " + conversations.column("updated_at") +
         " FROM conversations";
}

std::string is_named(const Table& table, const std::string& name, std::string_view column) {
  if (!table.exists()) return "0";
  return "EXISTS (SELECT 1 FROM " + name + " WHERE " + conversation_of(table, column) + " = ?1)";
}

void note_columns(const Table& table, const std::string& name, std::initializer_list<std::string_view> known,
                  ReferenceChanges& changes) {
  for (const std::string& column : table.columns()) {
    if (std::ranges::find(known, column) == known.end()) {
      changes.note_left_out("column " + name + "." + column);
    }
  }
}

void note_strangers(sqlite3* db, ReferenceChanges& changes) {
  const Names tables = names_from(
      db,
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
      " AND name NOT IN ('chat_events', 'conversations', 'messages', 'message_summaries') ORDER BY name",
      {});
  for (const std::string& table : tables) changes.note_left_out("table " + table);
}

}  // namespace

ReferenceTables find_reference_tables(sqlite3* db, ReferenceChanges& changes) {
  const Table events(db, "chat_events");
  const Table messages(db, "messages");
  const Table conversations(db, "conversations");
  const Table summaries(db, "message_summaries");
  ReferenceTables tables{events.exists(), messages.exists()};
  if (events.exists()) events.require("conversation_id");
  if (messages.exists()) messages.require("conversation_id");
  if (conversations.exists()) conversations.require("id");

  ReferenceSql& sql = tables.sql;
  if (events.exists()) sql.keys = keys_of_events(events);
  if (messages.exists()) sql.keys += (sql.keys.empty() ? "" : " UNION ALL ") + keys_of_messages(messages);
  sql.keys += " ORDER BY 3";
  sql.event = event_by_rowid(events);
  sql.message = message_by_rowid(messages);
  if (conversations.exists()) sql.conversations = conversation_rows(conversations);
  if (summaries.exists() && messages.exists()) {
    sql.summaries = summaries.select({"start_message_id", "end_message_id", "summary", "created_at"});
  }
  sql.message_rowid = "SELECT rowid FROM messages WHERE " + messages.column("id") + " = ?1";
  sql.has_conversation = "SELECT " + is_named(events, "chat_events", "conversation_id") + " OR " +
                         is_named(messages, "messages", "conversation_id") + " OR " +
                         is_named(conversations, "conversations", "id");
  sql.has_event =
      "SELECT " + is_named(events, "chat_events", "id") + " OR " + is_named(messages, "messages", "id");

  note_strangers(db, changes);
  note_columns(events, "chat_events",
               {"id", "conversation_id", "seq", "timestamp", "type", "role", "content", "tool_calls",
                "tool_call_id", "model", "usage", "extra", "token_count", "request_id"},
               changes);
  note_columns(messages, "messages", {"id", "conversation_id", "role", "content", "created_at"}, changes);
  note_columns(conversations, "conversations", {"id", "title", "created_at", "updated_at"}, changes);
  note_columns(summaries, "message_summaries",
               {"id", "conversation_id", "start_message_id", "end_message_id", "message_count", "summary",
                "created_at"},
               changes);
  return tables;
}

}  // namespace weir::repositories::sqlite
