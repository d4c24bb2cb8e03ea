#include "weir/repositories/sqlite/event_writes.h"

#include "weir/history/error.h"
#include "weir/history/title.h"
#include "weir/repositories/sqlite/deletion.h"
#include "weir/repositories/sqlite/derived_data.h"
#include "weir/repositories/sqlite/event_reads.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

Error conflict(std::string_view field, std::string_view what) {
  std::string message(field);
  message.append(": ").append(what);
  return Error(ErrorCode::kConflict, message, std::string(field));
}

Event to_stored(const NewEvent& event, Seq seq, EventId id, Timestamp now) {
  Event stored{std::move(id), event.conversation_id};
  stored.seq = seq;
  stored.timestamp = event.timestamp.value_or(now);
  stored.type = event.type;
  stored.role = event.role;
  stored.content = event.content;
  stored.tool_calls = event.tool_calls;
  stored.tool_call_id = event.tool_call_id;
  stored.model = event.model;
  stored.usage = event.usage;
  if (event.extra) stored.extra = *event.extra;
  stored.token_count = event.token_count ? *event.token_count : count_tokens(event.content);
  stored.request_id = event.request_id;
  return stored;
}

/// What a conversation is called after its first user message.
std::optional<std::string> title_of(const Event& event) {
  if (event.type != EventType::kUserMessage || !event.content) return std::nullopt;
  return title_from(event.content->text_of_parts(" "));
}

}  // namespace

Appended EventWriter::add(const NewEvent& event) {
  check(event);
  if (event.request_id) {
    if (auto stored = find_by_request(connection_, event.conversation_id, *event.request_id)) {
      return {std::move(*stored), true};
    }
  }
  return {append(event, GivenSeq::kMustBeNext), false};
}

std::vector<Appended> EventWriter::add_all(const std::vector<NewEvent>& events) {
  std::vector<Appended> appended;
  appended.reserve(events.size());
  for (const NewEvent& event : events) {
    try {
      appended.push_back(add(event));
    } catch (const Error& error) {
      const std::string member = "events[" + std::to_string(appended.size()) + "].";
      throw Error(error.code(), member + error.what(), member + error.field());
    }
  }
  return appended;
}

Event EventWriter::append(const NewEvent& event, GivenSeq rule) {
  require_free_id(event);
  const ConversationHead head = find_or_insert_head(scope_, event.conversation_id);
  const Seq seq = choose_seq(event, head.last_seq, rule);
  Event stored = insert(event, head.number, seq);
  advance(head.number, seq, head.has_title ? std::nullopt : title_of(stored));
  return stored;
}

void EventWriter::advance(std::int64_t conversation_number, Seq last_seq,
                          const std::optional<std::string>& title) {
  connection_.statements()
      .conversations.advance.run()
      .bind(conversation_number)
      .bind(last_seq)
      .bind(scope_.now.time_since_epoch().count())
      .bind(title)
      .execute();
}

Event EventWriter::insert(const NewEvent& event, std::int64_t conversation_number, Seq seq) {
  Event stored =
      to_stored(event, seq, event.id ? *event.id : EventId::stored(scope_.ids.next(scope_.now)), scope_.now);
  auto run = connection_.statements().events.insert_event.run();
  bind_event(run, place_of(conversation_number, seq), stored);
  run.execute();
  return stored;
}

void EventWriter::require_free_id(const NewEvent& event) {
  if (event.id && !make_free(connection_, *event.id)) throw conflict("id", "another event has it");
}

Seq EventWriter::choose_seq(const NewEvent& event, Seq last_seq, GivenSeq rule) const {
  const Seq next = last_seq + 1;
  if (next > kMaxSeq) throw conflict("seq", "the conversation has used up its numbers");
  if (!event.seq) return next;
  if (rule == GivenSeq::kMustBeNext && *event.seq != next) {
    throw conflict("seq",
                   "is " + std::to_string(*event.seq) + ", and the next one is " + std::to_string(next));
  }
  if (*event.seq < next) {
    throw conflict("seq", "is " + std::to_string(*event.seq) + ", and must be above the last one, " +
                              std::to_string(last_seq));
  }
  return *event.seq;
}

bool EventWriter::remove_last(const ConversationId& conversation_id) {
  const auto head = find_head(connection_, conversation_id);
  if (!head) return false;
  auto last = connection_.statements().events.last_place.run();
  last.bind(head->number);
  if (!last.step() || last.is_null(0)) return false;
  const Place place = last.integer(0);
  delete_event(connection_, place);
  connection_.statements().conversations.shorten.run().bind(head->number).bind(seq_at(place) - 1).execute();
  return true;
}

}  // namespace weir::repositories::sqlite
