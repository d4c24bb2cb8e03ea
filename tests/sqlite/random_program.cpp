#include "sqlite/random_program.h"

#include "weir/history/error.h"
#include "weir/history/event_json.h"
#include "weir/history/memory_service.h"

namespace weir::testing {

using namespace history;

namespace {

/// An id that the store gave is another each time.
bool is_assigned(const EventId& id) {
  return id.value().front() != 'e';
}

Event comparable(Event event) {
  if (!is_assigned(event.id)) return event;
  event.id = EventId("assigned");
  event.timestamp = Timestamp();
  return event;
}

struct Notes final : EventSink {
  void restart() override { text.clear(); }
  void take(const EventView& event) override { text += to_json(comparable(to_event(event))) + '\n'; }

  std::string text;
};

}  // namespace

std::string RandomProgram::run(Repository& repo, int steps) {
  journal_.clear();
  for (int i = 0; i < steps; ++i) {
    try {
      step(repo);
    } catch (const Error& error) {
      note(std::string("error ") + error.what());
    }
  }
  return journal_;
}

void RandomProgram::step(Repository& repo) {
  switch (below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return add_one(repo);
    case 4:
      return add_batch(repo);
    case 5:
      return import_some(repo);
    case 6:
    case 7:
      return read_range(repo);
    case 8:
      return list(repo);
    case 9:
      return look_up(repo);
    case 10:
      return put(repo);
    case 11:
    case 12:
      return compact(repo);
    case 13:
      return remember(repo);
    case 14:
      return note("remove " + std::to_string(repo.remove_last_event(random_conversation())));
    default:
      if (one_in(20)) return note("clear " + std::to_string(repo.clear_all()));
      return note("delete " + std::to_string(repo.delete_conversation(random_conversation())));
  }
}

void RandomProgram::add_one(Repository& repo) {
  const Appended added = repo.add_event(random_event());
  note(added.duplicate ? "duplicate" : "added");
  note(added.event);
}

void RandomProgram::add_batch(Repository& repo) {
  std::vector<NewEvent> events;
  for (std::int64_t i = below(5); i >= 0; --i) events.push_back(random_event());
  for (const Appended& added : repo.add_events(events)) note(added.event);
}

void RandomProgram::import_some(Repository& repo) {
  std::vector<ImportedEvent> events;
  for (std::int64_t i = below(4); i >= 0; --i) {
    ImportedEvent event{random_event(), {}};
    if (one_in(3)) event.event.seq = below(20) + 1;
    for (const Field field : {Field::kConversationId, Field::kType, Field::kContent}) {
      event.given.set(static_cast<std::size_t>(field));
    }
    events.push_back(event);
  }
  for (const ImportResult& result : repo.import_events(events)) {
    note("import " + std::to_string(static_cast<int>(result.outcome)) + " " + result.reason);
  }
}

void RandomProgram::read_range(Repository& repo) {
  if (one_in(3)) {
    const TokenWindow window = repo.recent_within_tokens(random_conversation(), below(60));
    note("window " + std::to_string(window.token_count));
    for (const Event& event : window.events) note(event);
    return;
  }
  EventRange range{random_conversation()};
  if (one_in(2)) range.limit = static_cast<std::size_t>(below(6) + 1);
  if (one_in(3)) range.after_seq = below(12);
  if (one_in(3)) range.before_seq = below(12);
  note("range");
  if (one_in(2)) {
    Notes notes;
    repo.read_events(range, notes);
    return note(notes.text);
  }
  for (const Event& event : repo.events(range)) note(event);
}

void RandomProgram::list(Repository& repo) {
  ConversationQuery query{.limit = static_cast<std::size_t>(below(3) + 1)};
  do {
    const ConversationPage page = repo.list_conversations(query);
    for (const Conversation& found : page.conversations) note(found);
    query.after = page.next;
  } while (query.after);
  for (const ConversationId& id : repo.conversation_ids(std::nullopt, 100)) note("id " + id.value());
}

void RandomProgram::look_up(Repository& repo) {
  const auto found = repo.find_event(random_id());
  found ? note(*found) : note("none");
  const auto requested = repo.find_by_request(random_conversation(), random_request());
  requested ? note(*requested) : note("none");
  const auto reply = repo.last_assistant_reply(random_conversation(), random_request());
  note(!reply ? "none" : is_assigned(*reply) ? "assigned" : reply->value());
  note(std::to_string(repo.exists(random_id())));
}

void RandomProgram::put(Repository& repo) {
  const auto title =
      one_in(2) ? std::nullopt : std::optional<std::string>("title " + std::to_string(below(9)));
  const PutConversation put = repo.put_conversation(random_conversation(), title);
  note(put.created ? "made" : "put");
  note(put.conversation);
  const auto found = repo.find_conversation(random_conversation());
  found ? note(*found) : note("none");
}

void RandomProgram::compact(Repository& repo) {
  ReplyCompaction reply{random_conversation(), random_request(), Content::text("reply")};
  if (one_in(3)) reply.request_id = random_request();
  const Appended compacted = repo.compact_reply(reply);
  note(compacted.duplicate ? "compacted before" : "compacted");
  note(compacted.event);
}

void RandomProgram::remember(Repository& repo) {
  const ConversationId conversation = random_conversation();
  if (one_in(6)) return note("forget " + std::to_string(repo.clear_summaries(conversation)));
  for (const Event& event : repo.recent_messages(conversation, static_cast<std::size_t>(below(5))))
    note(event);
  ExtractiveSummariser summariser;
  MemoryService memory(repo, repo, summariser, {.summary_batch = 3});
  const Verbatim verbatim = one_in(2) ? Verbatim(VerbatimCount{static_cast<std::size_t>(below(8))})
                                      : Verbatim(VerbatimTokens{below(60)});
  const Context context = memory.context(conversation, verbatim);
  note("context " + std::to_string(context.total_messages()) + " " +
       std::to_string(context.summarized_count));
  if (context.total_messages() !=
      static_cast<std::int64_t>(repo.recent_messages(conversation, 1000).size())) {
    note("a message is missing, or there twice");
  }
  for (const Summary& summary : repo.summaries(conversation)) {
    note(std::to_string(summary.first_seq) + "-" + std::to_string(summary.last_seq) + " " + summary.text);
  }
}

NewEvent RandomProgram::random_event() {
  NewEvent event{random_conversation(), static_cast<EventType>(below(6))};
  event.id = random_id();
  event.timestamp = Timestamp(std::chrono::microseconds(below(4'000'000'000'000'000)));
  if (one_in(5)) event.seq = below(10) + 1;
  if (!one_in(4)) event.role = static_cast<Role>(below(4));
  if (!one_in(4)) event.content = Content::text(std::string(static_cast<std::size_t>(below(80)), 'x'));
  if (one_in(8)) event.content = Content::parts(JsonText::parse(R"([{"type":"text","text":"part"}])"));
  if (one_in(3)) event.request_id = random_request();
  if (one_in(3)) {
    const char* kind = one_in(2) ? R"("kind":"assistant_delta",)" : "";
    event.extra = JsonText::parse(std::string("{") + kind + R"("user_request_id":"r)" +
                                  std::to_string(below(6)) + "\"}");
  }
  if (one_in(6)) event.usage = Usage{below(9), below(9), below(9)};
  if (one_in(6)) event.tool_calls = JsonText::parse(R"([{"id":"1"}])");
  return event;
}

ConversationId RandomProgram::random_conversation() {
  return ConversationId("c" + std::to_string(below(4)));
}
EventId RandomProgram::random_id() {
  return EventId("e" + std::to_string(below(200)));
}
RequestId RandomProgram::random_request() {
  return RequestId("r" + std::to_string(below(6)));
}

void RandomProgram::note(const Event& event) {
  note(to_json(comparable(event)));
}

void RandomProgram::note(const Conversation& conversation) {
  note("conversation " + conversation.id.value() + " " + conversation.title.value_or("(none)") + " " +
       std::to_string(conversation.event_count) + " " + std::to_string(conversation.last_seq) + " " +
       conversation.preview);
}

}  // namespace weir::testing
