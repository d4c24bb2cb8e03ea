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

/// The same for all of a conversation that goes with them.
void before_delete_conversation(Connection& connection, std::int64_t conversation);

/// The same for all there are.
void before_delete_all(Connection& connection);

/// To be called once an event has been put where others stand behind it.
void after_insert_between(Connection& connection, std::int64_t conversation, history::Seq seq);

}  // namespace weir::repositories::sqlite
