#include "weir/repositories/sqlite/reference_source.h"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <filesystem>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/reference_spelling.h"
#include "weir/repositories/sqlite/reference_tables.h"
#include "weir/repositories/sqlite/schema.h"
#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {
namespace {

using history::Error;
using history::ErrorCode;
using history::Field;

std::unique_ptr<SQLite::Database> open_file(const std::string& path, int flags) {
  try {
    auto database = std::make_unique<SQLite::Database>(path, flags | SQLITE_OPEN_NOMUTEX);
    sqlite3_extended_result_codes(database->getHandle(), 1);
    // A schema is somebody else's text, and is not to run anything here.
    sqlite3_db_config(database->getHandle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return database;
  } catch (const SQLite::Exception& error) {
    throw SqliteError(error.getExtendedErrorCode(), "opening the database");
  }
}

void execute(sqlite3* db, const char* sql) {
  if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw_error(db, "preparing the file");
}

/// In this mode a connection keeps the lock that a transaction took, write-ahead log or not: nobody writes
/// between what is read and what is put in its place.
void seize(sqlite3* db, const std::string& path) {
  try {
    execute(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT");
  } catch (const SqliteError& error) {
    if ((error.code() & 0xFF) != SQLITE_BUSY) throw;
    throw Error(ErrorCode::kUnavailable,
                "another program has " + path + " open: stop the service that uses it first");
  }
}

std::string first_text(sqlite3* db, const char* sql) {
  Statement statement(db, sql);
  auto run = statement.run();
  return run.step() ? std::string(run.text(0)) : std::string();
}

std::string_view type_of(const std::string& role) {
  const auto known = history::role_from(role);
  if (!known) return to_string(history::EventType::kMeta);
  switch (*known) {
    case history::Role::kUser:
      return to_string(history::EventType::kUserMessage);
    case history::Role::kAssistant:
      return to_string(history::EventType::kAssistantMessage);
    case history::Role::kTool:
      return to_string(history::EventType::kToolResult);
    case history::Role::kSystem:
      break;
  }
  return to_string(history::EventType::kSystemUpdate);
}

ReferenceRow read_message(const Statement::Run& found) {
  ReferenceRow row;
  const auto column = [&](int index) { return read_reference_value(found.value(index)); };
  row[Field::kId] = column(0);
  if (const auto* number = std::get_if<std::int64_t>(&row[Field::kId])) {
    row[Field::kId] = std::to_string(*number);
  }
  row[Field::kConversationId] = column(1);
  row[Field::kRole] = column(2);
  row[Field::kContent] = column(3);
  row[Field::kTimestamp] = column(4);
  const std::string* role = row.text(Field::kRole);
  row[Field::kType] = std::string(type_of(role != nullptr ? *role : ""));
  // What a message never had is not to be reported as lost.
  row[Field::kToolCalls] = row[Field::kUsage] = std::string("null");
  row[Field::kExtra] = std::string("{}");
  return row;
}

ReferenceKey read_key(const Statement::Run& run) {
  ReferenceKey key{static_cast<ReferenceTable>(run.integer(0)), run.integer(1)};
  if (run.value(3).type() == SQLITE_INTEGER) key.seq = run.integer(3);
  if (run.value(4).type() == SQLITE_TEXT) {
    if (const auto time = parse_reference_time(run.text(4))) key.at = time->at;
  }
  return key;
}

DatabaseOwner owner_of(sqlite3* db) {
  const SchemaState state = inspect_schema(db);
  if (state.is_reference) return DatabaseOwner::kReference;
  return state.is_foreign || state.version == 0 ? DatabaseOwner::kOther : DatabaseOwner::kWeir;
}

/// `path` as it stands in a URI.
std::string uri_path(const std::string& path) {
  std::string text;
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      text += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    } else {
      text += c;
    }
  }
  return text;
}

/// Ends a copy, finished or not.
struct EndBackup {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

}  // namespace

std::string_view to_string(ReferenceTable table) {
  return table == ReferenceTable::kEvents ? "chat_events" : "messages";
}

void require_sound(sqlite3* db, const std::string& path) {
  if (first_text(db, "PRAGMA integrity_check(1)") == "ok") return;
  throw Error(ErrorCode::kDamaged, path + " is damaged: PRAGMA integrity_check finds faults");
}

ReferenceSource::ReferenceSource(const std::string& path)
    : path_(path), database_(open_file(path, SQLITE_OPEN_READWRITE)) {
  seize(database_->getHandle(), path);
}

ReferenceSource::~ReferenceSource() = default;

DatabaseOwner ReferenceSource::owner() {
  return owner_of(database_->getHandle());
}

DatabaseOwner ReferenceSource::owner_of_resting(const std::string& path) {
  const auto database =
      open_file("file:" + uri_path(path) + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  return owner_of(database->getHandle());
}

void ReferenceSource::survey(ReferenceChanges& changes) {
  require_sound(database_->getHandle(), path_);
  ReferenceTables tables = find_reference_tables(database_->getHandle(), changes);
  has_events_ = tables.has_events;
  has_messages_ = tables.has_messages;
  sql_ = std::move(tables.sql);
  statements_ = std::make_unique<ReferenceSourceStatements>(database_->getHandle(), sql_);
}

std::int64_t ReferenceSource::count(const char* table) {
  // Not by an index: what is counted is to be what was read.
  const std::string sql = std::string("SELECT count(*) FROM ") + table + " NOT INDEXED";
  Statement statement(database_->getHandle(), sql.c_str());
  auto run = statement.run();
  return run.step() ? run.integer(0) : 0;
}

std::int64_t ReferenceSource::row_count() {
  return (has_events_ ? count("chat_events") : 0) + (has_messages_ ? count("messages") : 0);
}

void ReferenceSource::each_conversation(const std::function<void(Conversation&)>& take) {
  auto run = statements_->keys.run();
  Conversation conversation;
  while (run.step()) {
    ReferenceValue name = read_reference_value(run.value(2));
    if (!conversation.rows.empty() && name != conversation.name) {
      take(conversation);
      conversation.rows.clear();
    }
    conversation.name = std::move(name);
    conversation.rows.push_back(read_key(run));
  }
  if (!conversation.rows.empty()) take(conversation);
}

ReferenceRow ReferenceSource::row(const ReferenceKey& key) {
  const bool is_event = key.table == ReferenceTable::kEvents;
  auto run = (is_event ? statements_->event : statements_->message).run();
  run.bind(key.rowid);
  if (!run.step()) throw Error(ErrorCode::kDamaged, path_ + ": a row that its table has cannot be read");
  if (!is_event) return read_message(run);
  ReferenceRow row;
  for (std::size_t i = 0; i < history::kFieldCount; ++i) {
    row[static_cast<Field>(i)] = read_reference_value(run.value(static_cast<int>(i)));
  }
  return row;
}

void ReferenceSource::each_conversation_row(const std::function<void(const ConversationRow&)>& take) {
  if (sql_.conversations.empty()) return;
  auto run = statements_->conversations.run();
  const auto column = [&](int index) { return read_reference_value(run.value(index)); };
  while (run.step()) take({{"conversations", run.integer(0)}, column(1), column(2), column(3), column(4)});
}

void ReferenceSource::each_summary(const std::function<void(const SummaryRow&)>& take) {
  if (sql_.summaries.empty()) return;
  auto run = statements_->summaries.run();
  const auto column = [&](int index) { return read_reference_value(run.value(index)); };
  while (run.step()) {
    take({{"message_summaries", run.integer(0)}, column(1), column(2), column(3), column(4)});
  }
}

std::optional<std::int64_t> ReferenceSource::message_rowid(const ReferenceValue& id) {
  auto run = statements_->message_rowid.run();
  bind_reference_value(run, id);
  return run.step() ? std::optional(run.integer(0)) : std::nullopt;
}

bool ReferenceSource::has_conversation(const std::string& name) {
  auto run = statements_->has_conversation.run();
  return run.bind(name).step() && run.integer(0) != 0;
}

bool ReferenceSource::has_event(const std::string& name) {
  auto run = statements_->has_event.run();
  return run.bind(name).step() && run.integer(0) != 0;
}

void ReferenceSource::settle() {
  sqlite3* db = database_->getHandle();
  execute(db, "PRAGMA wal_checkpoint(TRUNCATE)");
  if (first_text(db, "PRAGMA journal_mode = DELETE") != "delete") {
    throw Error(ErrorCode::kUnavailable, path_ + ": its write-ahead log cannot be ended");
  }
  // A lock that is kept keeps the journal too, with a header of zeros: done with, and not to stand beside the
  // database that comes.
  std::filesystem::remove(path_ + "-journal");
}

void ReferenceSource::copy_to(const std::string& path) {
  const auto copy = open_file(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  std::unique_ptr<sqlite3_backup, EndBackup> backup(
      sqlite3_backup_init(copy->getHandle(), "main", database_->getHandle(), "main"));
  if (!backup) throw_error(copy->getHandle(), "copying the database");
  constexpr int kAll = -1;
  const int code = sqlite3_backup_step(backup.get(), kAll);
  if (code != SQLITE_DONE) throw SqliteError(code, "copying the database");
  backup.reset();
  require_sound(copy->getHandle(), path);
}

}  // namespace weir::repositories::sqlite
