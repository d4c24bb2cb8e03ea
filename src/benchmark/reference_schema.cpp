#include "weir/benchmark/reference_schema.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace weir::benchmark {
namespace {

constexpr const char* kSchema = R"sql(
PRAGMA journal_mode = WAL;
CREATE TABLE chat_events(
  id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, seq INTEGER, timestamp TEXT, type TEXT NOT NULL,
  role TEXT, content TEXT, tool_calls TEXT, tool_call_id TEXT, model TEXT, usage TEXT, extra TEXT,
  token_count INTEGER, request_id TEXT);
CREATE UNIQUE INDEX chat_events_by_request ON chat_events(conversation_id, request_id);
CREATE INDEX chat_events_by_seq ON chat_events(conversation_id, seq);
)sql";

#define WEIR_REFERENCE_COLUMNS                                                                  \
  "id, conversation_id, seq, timestamp, type, role, content, tool_calls, tool_call_id, model, " \
  "usage, extra, token_count, request_id"

constexpr std::size_t kColumns = 14;
constexpr std::size_t kSeqColumn = 2;
constexpr std::size_t kContentColumn = 6;

constexpr const char* kInsert =
    "INSERT INTO chat_events(" WEIR_REFERENCE_COLUMNS
    ") VALUES (?1, ?2, (SELECT coalesce(max(seq), 0) + 1 FROM chat_events WHERE conversation_id = ?2),"
    " '2026-11-21T12:00:00.000000', ?3, ?4, ?5, '[]', NULL, NULL, NULL, '{}', ?6, ?7)";

/// An event as a program holds it that stores this schema: a text for each column, or none.
using Record = std::array<std::optional<std::string>, kColumns>;

Record read(const CStatement& row) {
  Record record;
  for (std::size_t column = 0; column < kColumns; ++column) {
    record[column] = row.optional_text(static_cast<int>(column));
  }
  return record;
}

bool is_dense(const std::vector<Record>& records) {
  const auto seq = [](const Record& record) { return std::stoll(record[kSeqColumn].value_or("0")); };
  const auto is_gap = [&](const Record& a, const Record& b) { return seq(b) != seq(a) + 1; };
  return std::ranges::adjacent_find(records, is_gap) == records.end();
}

void insert(CStatement& statement, const Sample& sample) {
  const std::string id = Workload::random_id(sample.number);
  const std::string conversation = Workload::conversation_id(sample.conversation);
  statement.bind(1, id)
      .bind(2, conversation)
      .bind(3, sample.is_user ? "user_message" : "assistant_message")
      .bind(4, sample.is_user ? "user" : "assistant")
      .bind(5, sample.content)
      .bind(6, static_cast<std::int64_t>(sample.content.size() / 4))
      .bind(7, sample.request_id)
      .run();
}

}  // namespace

void fill_reference(const std::string& path, const Workload& workload) {
  CDatabase database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  database.execute(kSchema);
  CStatement statement(database, kInsert);
  database.execute("BEGIN");
  for (std::size_t i = 0; i < workload.size().events; ++i) insert(statement, workload.sample(i));
  database.execute("COMMIT");
}

ReferenceConnection::ReferenceConnection(const std::string& path,
                                         repositories::sqlite::Synchronous synchronous,
                                         const Workload& workload)
    : workload_(workload),
      database_(path, SQLITE_OPEN_READWRITE),
      by_id_(database_, "SELECT " WEIR_REFERENCE_COLUMNS " FROM chat_events WHERE id = ?1"),
      recent_(database_, "SELECT " WEIR_REFERENCE_COLUMNS
                         " FROM chat_events WHERE conversation_id = ?1 ORDER BY seq DESC LIMIT 50"),
      insert_(database_, kInsert) {
  constexpr int kBusyTimeoutMs = 30'000;
  sqlite3_busy_timeout(database_.handle(), kBusyTimeoutMs);
  const bool is_full = synchronous == repositories::sqlite::Synchronous::kFull;
  database_.execute(is_full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
}

bool ReferenceConnection::point_read(std::size_t number) {
  const std::string id = Workload::random_id(number);
  by_id_.bind(1, id);
  std::optional<Record> found;
  if (by_id_.step()) found = read(by_id_);
  by_id_.reset();
  return found && workload_.is_content_of(number, (*found)[kContentColumn].value_or(""));
}

bool ReferenceConnection::recent_50(std::size_t conversation) {
  const std::string id = Workload::conversation_id(conversation);
  recent_.bind(1, id);
  std::vector<Record> records;
  while (recent_.step()) records.push_back(read(recent_));
  recent_.reset();
  std::ranges::reverse(records);
  return records.size() == kRecent && is_dense(records);
}

bool ReferenceConnection::append(const Sample& sample) {
  insert(insert_, sample);
  return true;
}

bool ReferenceConnection::hold_write(const std::function<const Sample*()>& next) {
  database_.execute("BEGIN IMMEDIATE");
  while (const Sample* sample = next()) insert(insert_, *sample);
  database_.execute("COMMIT");
  return true;
}

#undef WEIR_REFERENCE_COLUMNS

}  // namespace weir::benchmark
