#include "record.h"

#include <algorithm>

#include "weir/benchmark/lane.h"

namespace weir::peers {
namespace {

constexpr std::size_t kSeqColumn = 2;
constexpr std::size_t kContentColumn = 6;

const std::string kColumnNames =
    "id, conversation_id, seq, timestamp, type, role, content, tool_calls, tool_call_id, model, usage, extra,"
    " token_count, request_id";

std::int64_t seq_of(const Record& record) {
  return std::stoll(record.columns[kSeqColumn].value_or("0"));
}

}  // namespace

const std::string kSelectById = "SELECT " + kColumnNames + " FROM chat_events WHERE id = ?1";

const std::string kSelectRecent =
    "SELECT " + kColumnNames + " FROM chat_events WHERE conversation_id = ?1 ORDER BY seq DESC LIMIT 50";

const std::string kInsert =
    "INSERT INTO chat_events(" + kColumnNames +
    ") VALUES (?1, ?2, (SELECT coalesce(max(seq), 0) + 1 FROM chat_events WHERE conversation_id = ?2),"
    " '2026-11-21T12:00:00.000000', ?3, ?4, ?5, '[]', NULL, NULL, NULL, '{}', ?6, ?7)";

NewRecord::NewRecord(const benchmark::Sample& sample)
    : id(benchmark::Workload::random_id(sample.number)),
      conversation_id(benchmark::Workload::conversation_id(sample.conversation)),
      type(sample.is_user ? "user_message" : "assistant_message"),
      role(sample.is_user ? "user" : "assistant"),
      content(sample.content),
      token_count(static_cast<int>(sample.content.size() / 4)) {
  if (!sample.request_id.empty()) request_id = sample.request_id;
}

bool is_message(const Record& record, const benchmark::Workload& workload, std::size_t number) {
  return workload.is_content_of(number, record.columns[kContentColumn].value_or(""));
}

bool put_in_order(std::vector<Record>& records) {
  std::ranges::reverse(records);
  const auto is_gap = [](const Record& a, const Record& b) { return seq_of(b) != seq_of(a) + 1; };
  return records.size() == benchmark::kRecent && std::ranges::adjacent_find(records, is_gap) == records.end();
}

std::string synchronous_pragma(repositories::sqlite::Synchronous synchronous) {
  const bool is_full = synchronous == repositories::sqlite::Synchronous::kFull;
  return is_full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
}

}  // namespace weir::peers
