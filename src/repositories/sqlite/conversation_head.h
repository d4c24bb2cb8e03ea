#pragma once

#include <cstdint>
#include <optional>

#include "weir/history/event.h"
#include "weir/repositories/sqlite/write_scope.h"

namespace weir::repositories::sqlite {

/// What a write needs to know of a conversation.
struct ConversationHead {
  std::int64_t number;
  history::Seq last_seq;
  bool has_title;
};

/// Absent when there is no such conversation. Errors: SqliteError.
std::optional<ConversationHead> find_head(Connection& connection,
                                          const history::ConversationId& conversation_id);

/// Makes the conversation when there is none; under the ticket nobody can come between.
/// Errors: SqliteError; kStorageFull when all numbers are used up.
ConversationHead find_or_insert_head(const WriteScope& scope, const history::ConversationId& conversation_id);

}  // namespace weir::repositories::sqlite
