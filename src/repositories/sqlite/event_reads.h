#pragma once

#include <optional>
#include <vector>

#include "weir/history/chat_repository.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/event_row.h"

namespace weir::repositories::sqlite {

// What ChatRepository's reads ask of a connection. Each is one snapshot: one statement, or a ReadTransaction.
// Errors: SqliteError.

void read_events(Connection& connection, const history::EventRange& range, history::EventSink& sink);
history::TokenWindow read_within_tokens(Connection& connection,
                                        const history::ConversationId& conversation_id,
                                        std::int64_t max_tokens);
std::optional<history::Event> find_event(Connection& connection, const history::EventId& id);
std::optional<history::Event> find_by_request(Connection& connection,
                                              const history::ConversationId& conversation_id,
                                              const history::RequestId& request_id);
bool event_exists(Connection& connection, const history::EventId& id);
std::optional<history::EventId> find_last_reply(Connection& connection,
                                                const history::ConversationId& conversation_id,
                                                const history::RequestId& user_request);

std::vector<history::Event> read_recent_messages(Connection& connection,
                                                 const history::ConversationId& conversation_id,
                                                 std::size_t limit);

std::optional<history::Conversation> find_conversation(Connection& connection,
                                                       const history::ConversationId& conversation_id);
history::ConversationPage list_conversations(Connection& connection, const history::ConversationQuery& query);
std::vector<history::ConversationId> list_conversation_ids(
    Connection& connection, const std::optional<history::ConversationId>& after, std::size_t limit);

}  // namespace weir::repositories::sqlite
