#include "weir/repositories/sqlite/conversation_writes.h"

#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/event_reads.h"

namespace weir::repositories::sqlite {

using namespace history;

PutConversation put_conversation(const WriteScope& scope, const ConversationId& conversation_id,
                                 const std::optional<std::string>& title) {
  const bool existed = find_head(scope.connection, conversation_id).has_value();
  const ConversationHead head = find_or_insert_head(scope, conversation_id);
  if (title) {
    scope.connection.statements().conversations.rename.run().bind(head.number).bind(*title).execute();
  }
  return {find_conversation(scope.connection, conversation_id).value(), !existed};
}

}  // namespace weir::repositories::sqlite
