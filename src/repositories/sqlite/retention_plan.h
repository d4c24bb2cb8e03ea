#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/history/event.h"
#include "weir/history/retention_options.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/event_row.h"

namespace weir::repositories::sqlite {

// What retention finds out before it deletes. All of it is read without the write ticket; each function is
// one snapshot. Errors: SqliteError.

/// A policy at one moment.
struct RetentionRule {
  history::RetentionOptions options;
  history::Timestamp keep_from;  ///< time_based lets go what is older
};

/// A conversation, and not a later one that was given its number.
struct ConversationKey {
  std::int64_t number;
  std::int64_t created_at;
};

/// How far conversations had come at one moment. Every append raises the highest activity by one, so what
/// was appended since has a higher one, as long as the conversation that had the highest is there: without
/// it the count falls back.
struct ActivityMark {
  ConversationKey conversation;
  std::int64_t activity;
};

/// Where activity stands now, and after which one everything came that was appended since a mark.
struct ActivityRange {
  std::int64_t since = 0;
  std::optional<ActivityMark> newest{};  ///< absent when there is no conversation
};

ActivityRange read_activity(Connection& connection, const std::optional<ActivityMark>& since);

/// Where to go on among the conversations, and which to pass by.
struct PortionStart {
  std::int64_t after_number;
  std::int64_t active_since;  ///< passes by what has had no append since; time_based looks at all
};

/// Some conversations that the rule may ask something of.
struct Portion {
  std::vector<ConversationKey> found;
  std::optional<std::int64_t> last_number;  ///< to go on after it; absent when there are no more
};

Portion find_portion(Connection& connection, const RetentionRule& rule, const PortionStart& start);

/// Which events of a conversation go, and in which order.
struct RetentionPlan {
  /// What goes in one transaction or not at all: an event, or a tool call and its results.
  using Unit = std::vector<history::Seq>;

  ConversationKey conversation;
  history::Seq last_seq = 0;
  Place last_place = 0;         ///< of its last event, when the plan was made
  std::string last_id{};        ///< the same event's
  bool has_open_calls = false;  ///< something that goes called a tool and has no result yet
  std::vector<Unit> units{};
};

/// Absent when nothing goes. A plan reaches some thousand events far; what is behind them is for the next
/// one.
std::optional<RetentionPlan> plan_retention(Connection& connection, const RetentionRule& rule,
                                            const ConversationKey& conversation);

}  // namespace weir::repositories::sqlite
