#pragma once

#include <cstdint>

#include "weir/history/event.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

// What is derived from events, and what must happen to it when events go or come between others. Appending
// needs none of it. Errors: SqliteError.

/// Events of a conversation, both ends included.
struct EventSpan {
  std::int64_t conversation;  ///< its number
  history::Seq first;
  history::Seq last;
};

/// To be called while the events are still there: removes the summaries that cover any of them, and takes
/// them out of the full-text index.
void before_delete(Connection& connection, const EventSpan& events);

/// To be called while the row of a conversation is still there that is about to go, before its events.
void before_hide(Connection& connection, std::int64_t conversation);
/// The same for all conversations.
void before_hide_all(Connection& connection);
/// To be called when the last event of such a conversation is removed.
void after_last_removed(Connection& connection, std::int64_t conversation);

/// To be called once an event has been put where others stand behind it.
void after_insert_between(Connection& connection, std::int64_t conversation, history::Seq seq);

}  // namespace weir::repositories::sqlite
