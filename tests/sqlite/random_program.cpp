#include "sqlite/random_program.h"

#include "weir/history/error.h"
#include "weir/history/event_json.h"

namespace weir::testing {

using namespace history;

namespace {

struct Notes final : EventSink {
  void restart() override { text.clear(); }
  void take(const EventView& event) override {
    append_json(text, event);
    text += '\n';
  }

  std::string text;
};

}  // namespace

std::string RandomProgram::run(ChatRepository& repo, int steps) {
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

void RandomProgram::step(ChatRepository& repo) {
  switch (below(12)) {
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
      return note("remove " + std::to_string(repo.remove_last_event(random_conversation())));
    default:
      if (one_in(20)) return note("clear " + std::to_string(repo.clear_all()));
      return note("delete " + std::to_string(repo.delete_conversation(random_conversation())));
  }
}

void RandomProgram::add_one(ChatRepository& repo) {
  const Appended added = repo.add_event(random_event());
  note(added.duplicate ? "duplicate" : "added");
  note(added.event);
}

void RandomProgram::add_batch(ChatRepository& repo) {
  std::vector<NewEvent> events;
  for (std::int64_t i = below(5); i >= 0; --i) events.push_back(random_event());
  for (const Appended& added : repo.add_events(events)) note(added.event);
}

void RandomProgram::import_some(ChatRepository& repo) {
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

void RandomProgram::read_range(ChatRepository& repo) {
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

void RandomProgram::list(ChatRepository& repo) {
  ConversationQuery query{.limit = static_cast<std::size_t>(below(3) + 1)};
  do {
    const ConversationPage page = repo.list_conversations(query);
    for (const Conversation& found : page.conversations) {
      note("conversation " + found.id.value() + " " + std::to_string(found.event_count) + " " +
           std::to_string(found.last_seq) + " " + found.preview);
    }
    query.after = page.next;
  } while (query.after);
  for (const ConversationId& id : repo.conversation_ids(std::nullopt, 100)) note("id " + id.value());
}

void RandomProgram::look_up(ChatRepository& repo) {
  const auto found = repo.find_event(random_id());
  found ? note(*found) : note("none");
  const auto requested = repo.find_by_request(random_conversation(), random_request());
  requested ? note(*requested) : note("none");
  const auto reply = repo.last_assistant_reply(random_conversation(), random_request());
  note(reply ? reply->value() : "none");
  note(std::to_string(repo.exists(random_id())));
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
  if (one_in(4)) event.extra = JsonText::parse(R"({"user_request_id":"r)" + std::to_string(below(6)) + "\"}");
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
  note(to_json(event));
}

}  // namespace weir::testing
