#include <charconv>
#include <limits>

#include "weir/history/error.h"
#include "weir/history/utf8.h"
#include "weir/repositories/sqlite/event_reads.h"

namespace weir::repositories::sqlite {
namespace {

using namespace history;

/// The cursor is the activity of the last conversation shown; what has been active since stands above it.
std::int64_t activity_below(const std::optional<std::string>& after) {
  if (!after) return std::numeric_limits<std::int64_t>::max();
  std::int64_t activity = 0;
  const char* end = after->data() + after->size();
  const auto [stopped, error] = std::from_chars(after->data(), end, activity);
  if (error != std::errc{} || stopped != end || activity < 1) {
    throw invalid("after", "must be the next of an earlier page");
  }
  return activity;
}

Timestamp read_timestamp(const Statement::Run& row, int column) {
  return Timestamp(std::chrono::microseconds(row.integer(column)));
}

Conversation read_conversation(const Statement::Run& row) {
  Conversation conversation{ConversationId::stored(row.text(0))};
  if (!row.is_null(1)) conversation.title = std::string(row.text(1));
  conversation.event_count = row.integer(2);
  conversation.last_seq = row.integer(3);
  conversation.created_at = read_timestamp(row, 4);
  conversation.updated_at = read_timestamp(row, 5);
  if (const auto last_message = view_content(row, 7)) {
    const auto content = Content::stored(last_message->form, std::string(last_message->raw));
    conversation.preview = first_characters(content.text_of_parts(" "), kPreviewCharacters);
  }
  return conversation;
}

}  // namespace

ConversationPage list_conversations(Connection& connection, const ConversationQuery& query) {
  auto run = connection.statements().conversations.list.run();
  // One more than asked for tells whether there is a next page.
  run.bind(activity_below(query.after)).bind(static_cast<std::int64_t>(query.limit) + 1);
  ConversationPage page;
  std::int64_t last_activity = 0;
  while (run.step()) {
    if (page.conversations.size() == query.limit) {
      page.next = std::to_string(last_activity);
      break;
    }
    page.conversations.push_back(read_conversation(run));
    last_activity = run.integer(6);
  }
  return page;
}

std::optional<Conversation> find_conversation(Connection& connection, const ConversationId& conversation_id) {
  auto run = connection.statements().conversations.by_id.run();
  run.bind(conversation_id.value());
  if (!run.step()) return std::nullopt;
  return read_conversation(run);
}

std::vector<ConversationId> list_conversation_ids(Connection& connection,
                                                  const std::optional<ConversationId>& after,
                                                  std::size_t limit) {
  auto run = connection.statements().conversations.ids.run();
  run.bind(after ? std::string_view(after->value()) : std::string_view())
      .bind(static_cast<std::int64_t>(limit));
  std::vector<ConversationId> ids;
  while (run.step()) ids.push_back(ConversationId::stored(run.text(0)));
  return ids;
}

}  // namespace weir::repositories::sqlite
