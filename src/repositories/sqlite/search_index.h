#pragma once

#include <cstdint>
#include <optional>

#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/event_row.h"

namespace weir::repositories::sqlite {

// How the full-text index follows the events.
//
// An append writes nothing for it. search_progress says of a conversation up to which seq its messages are in
// the index, one without a row has none there; and every conversation whose activity is not above the one in
// search_state is indexed to its end. So what is pending is found by that number, which rises with every
// append, and at any commit the index holds the messages up to indexed_seq that are still stored, and no
// other.
//
// Whatever changes anything stands in a write transaction. Errors: SqliteError.

/// A conversation's place in the order of appends, over all conversations.
using Activity = std::int64_t;

/// Up to where there is something to index; absent when there is nothing.
std::optional<Activity> newest_pending(Connection& connection);

struct IndexStep {
  Activity reached = 0;  ///< what was appended up to here is indexed
  bool has_more = false;
};

/// Indexes messages, least recently active conversations first, as many as one short transaction takes.
IndexStep index_some(Connection& connection);

/// Takes out what of these events is in it; they are still stored.
void unindex(Connection& connection, std::int64_t conversation, history::Seq first, history::Seq last);
/// The row of a conversation is about to go: its activity may be given again.
void give_back_activity(Connection& connection, std::int64_t conversation);
/// The rows of all.
void give_back_all_activity(Connection& connection);
/// All events of a conversation are taken out, and its row is gone: its number may be given again.
void forget_progress(Connection& connection, std::int64_t conversation);

/// An event has come where the index may have been already.
void index_inserted(Connection& connection, std::int64_t conversation, history::Seq seq);

}  // namespace weir::repositories::sqlite
