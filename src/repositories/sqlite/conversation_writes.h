#pragma once

#include <optional>
#include <string>

#include "weir/history/chat_repository.h"
#include "weir/repositories/sqlite/write_scope.h"

namespace weir::repositories::sqlite {

/// Errors: SqliteError; as ChatRepository::put_conversation().
history::PutConversation put_conversation(const WriteScope& scope,
                                          const history::ConversationId& conversation_id,
                                          const std::optional<std::string>& title);

}  // namespace weir::repositories::sqlite
