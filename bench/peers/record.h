#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "weir/benchmark/workload.h"
#include "weir/repositories/sqlite/sqlite_options.h"

namespace weir::peers {

inline constexpr std::size_t kColumns = 14;

/// A row of chat_events as its reader gets it: a text for each column, or none.
struct Record {
  std::array<std::optional<std::string>, kColumns> columns;
};

/// A row to insert; seq is found by the statement.
struct NewRecord {
  explicit NewRecord(const benchmark::Sample& sample);

  std::string id;
  std::string conversation_id;
  std::string type;
  std::string role;
  std::string content;
  int token_count;
  std::optional<std::string> request_id;
};

/// Takes an id.
extern const std::string kSelectById;
/// Takes a conversation's id; its last 50, the most recent first.
extern const std::string kSelectRecent;
/// Takes the members of a NewRecord in their order.
extern const std::string kInsert;

/// Whether that is message `number`.
bool is_message(const Record& record, const benchmark::Workload& workload, std::size_t number);

/// Puts what kSelectRecent gave into the order in which it was stored; whether it is 50 messages without a
/// gap.
bool put_in_order(std::vector<Record>& records);

/// The PRAGMA that each connection needs.
std::string synchronous_pragma(repositories::sqlite::Synchronous synchronous);

inline constexpr int kBusyTimeoutMs = 30'000;

}  // namespace weir::peers
