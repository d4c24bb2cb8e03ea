#pragma once

#include <cstdint>
#include <optional>

#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/event_row.h"

namespace weir::repositories::sqlite {

/// So many portions are merged at most before what changes the index again. What one change of a few
/// milliseconds adds costs about five times as many pages until it is merged for good, so this keeps up.
inline constexpr int kMostMerges = 32;

// How the full-text index follows the events.
//
// An append writes nothing for it. search_progress says of a conversation up to which seq its messages are in
// the index, one without a row has none there; and every conversation whose activity is not above the one in
// search_state is indexed to its end. So what is pending is found by that number, which rises with every
// append, and at any commit the index holds the messages up to indexed_seq that are still stored, and no
// other. A state below 0 says that the index was given up, as damaged, and is not empty yet; nothing has
// progress then.
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

/// Merges some of the segments that transactions have left, where four are alike in size; returns whether
/// there were. FTS5 would do it inside of any COMMIT, however long it takes; so it is told not to
/// (schema.cpp), and this is called after every few changes, in a transaction of its own: some milliseconds.
bool merge_some(Connection& connection);

/// For when SQLite calls the index damaged: from now on nothing is in it, and what is left there goes before
/// index_some() begins anew, a short transaction's worth a time. Returns whether that was news.
bool give_up_index(Connection& connection);

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
