#include "weir/repositories/sqlite/event_reads.h"

#include <algorithm>

#include "weir/repositories/sqlite/transaction.h"

namespace weir::repositories::sqlite {
namespace {

using namespace history;

// The numbers just outside every range.
constexpr Seq kBelowAll = 0;
constexpr Seq kAboveAll = kMaxSeq + 1;

// SQLite takes a negative limit for none.
constexpr std::int64_t kNoLimit = -1;

/// No conversation has more events than there are numbers.
std::int64_t limit_of(const std::optional<std::size_t>& limit) {
  return limit ? static_cast<std::int64_t>(std::min<std::size_t>(*limit, kAboveAll)) : kNoLimit;
}

/// Values far outside must not shift into another conversation's places.
Seq clamped(const std::optional<Seq>& seq, Seq otherwise) {
  return std::clamp(seq.value_or(otherwise), kBelowAll, kAboveAll);
}

std::optional<Place> place_of_request(Connection& connection, const ConversationId& conversation_id,
                                      const RequestId& request_id) {
  auto run = connection.statements().events.event_by_request.run();
  run.bind(conversation_id.value()).bind(request_id.value());
  if (!run.step()) return std::nullopt;
  return run.integer(0);
}

Place next_user_message(Connection& connection, Place place) {
  auto run = connection.statements().events.next_user_message.run();
  run.bind(place);
  return run.step() ? run.integer(0) : place_of((place >> 32) + 1, 0);
}

}  // namespace

void read_events(Connection& connection, const EventRange& range, EventSink& sink) {
  EventStatements& statements = connection.statements().events;
  const bool is_forward = range.after_seq || !range.limit;
  auto run = (is_forward ? statements.events_after : statements.recent_events).run();
  run.bind(range.conversation_id.value())
      .bind(clamped(range.before_seq, kAboveAll))
      .bind(limit_of(range.limit));
  if (is_forward) run.bind(clamped(range.after_seq, kBelowAll));
  while (run.step()) sink.take(view_event(run, range.conversation_id.value()));
}

std::vector<Event> read_recent_messages(Connection& connection, const ConversationId& conversation_id,
                                        std::size_t limit) {
  auto run = connection.statements().events.messages_down.run();
  run.bind(conversation_id.value()).bind(limit_of(limit));
  std::vector<Event> messages;
  while (run.step()) messages.push_back(read_event(run, conversation_id));
  std::ranges::reverse(messages);
  return messages;
}

TokenWindow read_within_tokens(Connection& connection, const ConversationId& conversation_id,
                               std::int64_t max_tokens) {
  auto run = connection.statements().events.events_down.run();
  run.bind(conversation_id.value());
  TokenWindow window;
  while (run.step() && run.integer(kTokenCountColumn) <= max_tokens - window.token_count) {
    window.token_count += run.integer(kTokenCountColumn);
    window.events.push_back(read_event(run, conversation_id));
  }
  std::ranges::reverse(window.events);
  return window;
}

std::optional<Event> find_event(Connection& connection, const EventId& id) {
  auto run = connection.statements().events.event_by_id.run();
  run.bind(id.value());
  if (!run.step()) return std::nullopt;
  return read_event(run, ConversationId::stored(run.text(kEventColumnCount)));
}

std::optional<Event> find_by_request(Connection& connection, const ConversationId& conversation_id,
                                     const RequestId& request_id) {
  auto run = connection.statements().events.event_by_request.run();
  run.bind(conversation_id.value()).bind(request_id.value());
  if (!run.step()) return std::nullopt;
  return read_event(run, conversation_id);
}

bool event_exists(Connection& connection, const EventId& id) {
  auto run = connection.statements().events.event_exists.run();
  run.bind(id.value());
  return run.step();
}

std::optional<EventId> find_last_reply(Connection& connection, const ConversationId& conversation_id,
                                       const RequestId& user_request) {
  const ReadTransaction snapshot(connection);
  auto named = connection.statements().events.reply_by_name.run();
  named.bind(conversation_id.value()).bind(user_request.value());
  if (named.step()) return EventId::stored(named.text(0));
  const std::optional<Place> request = place_of_request(connection, conversation_id, user_request);
  if (!request) return std::nullopt;
  auto unnamed = connection.statements().events.last_unnamed_reply.run();
  unnamed.bind(*request).bind(next_user_message(connection, *request));
  if (!unnamed.step()) return std::nullopt;
  return EventId::stored(unnamed.text(0));
}

}  // namespace weir::repositories::sqlite
