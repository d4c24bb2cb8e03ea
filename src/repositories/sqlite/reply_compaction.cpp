#include "weir/history/json_writer.h"
#include "weir/repositories/sqlite/derived_data.h"
#include "weir/repositories/sqlite/event_reads.h"
#include "weir/repositories/sqlite/event_writes.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

/// What is stored of a streamed reply.
struct Parts {
  std::vector<Place> deltas;
  std::optional<Place> message;
};

Parts find_parts(Connection& connection, Place after, const RequestId& user_request) {
  auto run = connection.statements().events.parts_of_reply.run();
  run.bind(after).bind(user_request.value());
  Parts parts;
  while (run.step()) {
    const bool is_delta = run.integer(1) == static_cast<std::int64_t>(EventType::kMeta);
    if (is_delta) {
      parts.deltas.push_back(run.integer(0));
    } else if (!parts.message) {
      parts.message = run.integer(0);
    }
  }
  return parts;
}

NewEvent message_of(const ReplyCompaction& reply) {
  NewEvent message{.conversation_id = reply.conversation_id, .type = EventType::kAssistantMessage};
  message.role = Role::kAssistant;
  message.content = reply.content;
  message.usage = reply.usage;
  message.model = reply.model;
  message.request_id = reply.request_id;
  std::string extra;
  JsonWriter writer(extra);
  writer.begin_object().key("user_request_id").string(reply.user_request.value());
  if (reply.modality) writer.key("modality").string(*reply.modality);
  writer.end_object();
  message.extra = JsonText::stored(std::move(extra));
  return message;
}

/// Deltas and message stand behind the request, where that is stored; else anywhere.
Seq start_of(Connection& connection, const ReplyCompaction& reply) {
  if (reply.after_seq) return *reply.after_seq;
  const auto request = find_by_request(connection, reply.conversation_id, reply.user_request);
  return request ? request->seq : 0;
}

}  // namespace

Appended EventWriter::compact_reply(const ReplyCompaction& reply) {
  const NewEvent message = message_of(reply);
  check(message);
  const auto head = find_head(connection_, reply.conversation_id);
  if (!head) return add(message);
  const Parts parts =
      find_parts(connection_, place_of(head->number, start_of(connection_, reply)), reply.user_request);
  for (const Place delta : parts.deltas) {
    connection_.statements().events.delete_event.run().bind(delta).execute();
  }
  connection_.statements()
      .conversations.discount.run()
      .bind(head->number)
      .bind(static_cast<std::int64_t>(parts.deltas.size()))
      .execute();
  if (parts.message) return {event_at(*parts.message, reply.conversation_id).value(), true};
  if (parts.deltas.empty()) return add(message);
  return put_between(message, *head, seq_at(parts.deltas.front()));
}

Appended EventWriter::put_between(const NewEvent& event, const ConversationHead& head, Seq seq) {
  if (event.request_id) {
    if (auto stored = find_by_request(connection_, event.conversation_id, *event.request_id)) {
      return {std::move(*stored), true};
    }
  }
  Event stored = insert(event, head.number, seq);
  after_insert_between(connection_, head.number, seq);
  advance(head.number, head.last_seq, std::nullopt);
  return {std::move(stored), false};
}

}  // namespace weir::repositories::sqlite
