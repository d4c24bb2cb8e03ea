#include "weir/repositories/sqlite/conversation_head.h"

#include "weir/history/error.h"

namespace weir::repositories::sqlite {
namespace {

/// The highest number that leaves room for a seq beside it in a place.
constexpr std::int64_t kMaxConversations = 0x7FFF'FFFF - 1;

}  // namespace

std::optional<ConversationHead> find_head(Connection& connection,
                                          const history::ConversationId& conversation_id) {
  auto run = connection.statements().conversations.find.run();
  run.bind(conversation_id.value());
  if (!run.step()) return std::nullopt;
  return ConversationHead{run.integer(0), run.integer(1), run.integer(2) != 0};
}

ConversationHead find_or_insert_head(const WriteScope& scope,
                                     const history::ConversationId& conversation_id) {
  if (const auto head = find_head(scope.connection, conversation_id)) return *head;
  auto run = scope.connection.statements().conversations.insert.run();
  run.bind(conversation_id.value()).bind(scope.now.time_since_epoch().count());
  run.step();
  const std::int64_t number = run.integer(0);
  if (number > kMaxConversations) {
    throw history::Error(history::ErrorCode::kStorageFull,
                         "the database has used up its conversation numbers");
  }
  return {number, 0, false};
}

}  // namespace weir::repositories::sqlite
