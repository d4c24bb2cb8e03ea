#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "weir/repositories/sqlite/event_row.h"
#include "weir/repositories/sqlite/write_scope.h"

namespace weir::repositories::sqlite {

// Deleting what may be of any size, without keeping other writers waiting for all of it.
//
// A conversation is deleted when its row goes, which one short transaction does: events are found through it,
// so from then on nobody sees any of them. They are removed by the transactions that follow, some in each,
// between which others write. Meanwhile its number stands in deleted_conversations and is given to no other
// conversation; whoever is interrupted leaves that for the next to go on from.
//
// Whatever changes anything stands in a write transaction. Errors: SqliteError.

/// The most that one transaction deletes, unless what belongs together is more: a millisecond or two, five
/// with the full-text index, and as long again to commit it.
inline constexpr std::size_t kMostDeletedAtOnce = 200;

/// Its number; absent when there is no such conversation.
std::optional<std::int64_t> hide_conversation(Connection& connection,
                                              const history::ConversationId& conversation_id);

/// How many events all the conversations had. Takes a microsecond or two for each conversation.
std::int64_t hide_all(Connection& connection);

/// Which deleted conversation: this one, or any.
using Deleted = std::optional<std::int64_t>;

/// Whether a deleted conversation has anything left.
enum class Remains { kNothing, kSome };
Remains find_remains(Connection& connection, const Deleted& of);

/// Removes events of one or of all deleted conversations, up to kMostDeletedAtOnce, and fewer where they hold
/// much text.
Remains remove_some(Connection& connection, const Deleted& of);

/// False when a stored event has `id`. One of a deleted conversation that has it, is removed.
bool make_free(Connection& connection, const history::EventId& id);

/// Removes the event at `place`, and what is derived from it. Whether there was one.
bool delete_event(Connection& connection, Place place);

}  // namespace weir::repositories::sqlite
