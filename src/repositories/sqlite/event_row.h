#pragma once

#include "weir/history/event_view.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Where an event stands: the number of its conversation in the upper 32 bits, its seq in the lower.
using Place = std::int64_t;

constexpr Place place_of(std::int64_t conversation_number, history::Seq seq) {
  return (conversation_number << 32) | seq;
}
constexpr std::int64_t conversation_at(Place place) {
  return place >> 32;
}
constexpr history::Seq seq_at(Place place) {
  return place & history::kMaxSeq;
}

/// The event in the current row of a statement that selects WEIR_EVENT_COLUMNS.
/// Lifetime: of its texts, until the next step, and as `conversation_id`.
history::EventView view_event(const Statement::Run& row, std::string_view conversation_id);
history::Event read_event(const Statement::Run& row, const history::ConversationId& conversation_id);

/// Binds an event in the order of the same columns.
void bind_event(Statement::Run& run, Place place, const history::Event& event);

/// A content from a row, which begins at `column` with its form and its text; absent when it is null.
/// Lifetime: of its text, until the next step.
std::optional<history::ContentView> view_content(const Statement::Run& row, int column);

inline constexpr int kEventIdColumn = 1;
inline constexpr int kTokenCountColumn = 14;
inline constexpr int kEventColumnCount = 16;

}  // namespace weir::repositories::sqlite
