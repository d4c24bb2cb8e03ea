#pragma once

#include <optional>
#include <ostream>

#include "weir/history/chat_repository.h"

namespace weir::service {

/// Writes all events as JSON Lines, or those of one conversation: conversations in the byte order of their
/// ids, events by seq. What is appended meanwhile may be in it or not. An unknown conversation has no lines.
///
/// Blocking: until everything is written; memory holds one page of events.
/// Errors: history::Error of the repository; kUnavailable when `out` takes no more.
void export_jsonl(history::ChatRepository& repository, std::ostream& out,
                  const std::optional<history::ConversationId>& only = {});

}  // namespace weir::service
