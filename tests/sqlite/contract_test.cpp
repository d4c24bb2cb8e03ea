// What ChatRepository promises, on both repositories (invariant I9).

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "support/repository_rig.h"
#include "weir/history/error.h"
#include "weir/history/event_json.h"

using namespace weir::history;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using namespace weir::testing;

namespace {

template <class Call>
ErrorCode code_of(Call call, std::string* field = nullptr) {
  try {
    call();
  } catch (const Error& error) {
    if (field != nullptr) *field = error.field();
    return error.code();
  }
  FAIL("nothing was thrown");
  return ErrorCode::kInternal;
}

std::vector<Seq> seqs(const std::vector<Event>& events) {
  std::vector<Seq> found;
  for (const Event& event : events) found.push_back(event.seq);
  return found;
}

/// What a read gives to a sink, and how often it began.
class Collected final : public EventSink {
 public:
  void restart() override {
    events.clear();
    ++reads;
  }
  void take(const EventView& event) override { events.push_back(to_event(event)); }

  std::vector<Event> events;
  int reads = 0;
};

std::vector<Event> read_all(ChatRepository& repo, const EventRange& range) {
  Collected sink;
  repo.read_events(range, sink);
  CHECK(sink.reads == 1);
  CHECK(sink.events == repo.events(range));
  return sink.events;
}

/// Every kind of range over seqs up to `last`, and a little beyond.
std::vector<EventRange> ranges_of(const ConversationId& conversation, Seq last) {
  std::vector<EventRange> ranges;
  for (Seq after = -1; after <= last + 1; ++after) {
    for (Seq before = -1; before <= last + 2; ++before) {
      for (std::size_t limit = 0; limit <= static_cast<std::size_t>(last) + 2; ++limit) {
        EventRange range{conversation};
        if (after >= 0) range.after_seq = after;
        if (before >= 0) range.before_seq = before;
        if (limit <= static_cast<std::size_t>(last) + 1) range.limit = limit;
        ranges.push_back(range);
      }
    }
  }
  return ranges;
}

/// What a range holds of `all`, by its definition.
std::vector<Seq> held(const std::vector<Seq>& all, const EventRange& range) {
  std::vector<Seq> found;
  for (const Seq seq : all) {
    if (seq > range.after_seq.value_or(0) && seq < range.before_seq.value_or(kMaxSeq)) found.push_back(seq);
  }
  if (!range.limit || found.size() <= *range.limit) return found;
  const auto count = static_cast<std::ptrdiff_t>(*range.limit);
  if (range.after_seq) return {found.begin(), found.begin() + count};
  return {found.end() - count, found.end()};
}

void check_ranges(ChatRepository& repo, const std::vector<Seq>& expected) {
  for (const EventRange& range : ranges_of(ConversationId("c"), expected.empty() ? 2 : expected.back())) {
    CAPTURE(range.after_seq.value_or(-1));
    CAPTURE(range.before_seq.value_or(-1));
    CAPTURE(range.limit.value_or(999));
    CHECK(seqs(read_all(repo, range)) == held(expected, range));
  }
}

NewEvent full_event() {
  NewEvent event{ConversationId("c"), EventType::kToolCall};
  event.id = EventId("the-id");
  event.seq = 1;
  event.timestamp = parse_timestamp("2026-01-31T08:00:00.123456+02:00");
  event.role = Role::kAssistant;
  event.content = Content::parts(
      JsonText::parse(R"([{"type":"text","text":"h\u00e9llo"}, {"type":"text","text":"\u0000"}])"));
  event.tool_calls =
      JsonText::parse(R"([{"id": "1", "arguments": {"b": 1.10, "a": 12345678901234567890123}}])");
  event.tool_call_id = ToolCallId("call-1");
  event.model = "a \"model\"";
  event.usage = Usage{1, 2, 3};
  event.extra = JsonText::parse(R"({"z": [1, null], "a": {}})");
  event.token_count = 77;
  event.request_id = RequestId("r1");
  return event;
}

}  // namespace

TEST_CASE_TEMPLATE("contract: every field of an event comes back as it went in", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const Event stored = repo->add_event(full_event()).event;
  const Event read = repo->find_event(EventId("the-id")).value();
  CHECK(read == stored);
  CHECK(to_json(read) ==
        R"({"id":"the-id","conversation_id":"c","seq":1,"timestamp":"2026-01-31T06:00:00.123456Z",)"
        R"("type":"tool_call","role":"assistant",)"
        R"("content":[{"type":"text","text":"héllo"},{"type":"text","text":"\u0000"}],)"
        R"("tool_calls":[{"id":"1","arguments":{"b":1.10,"a":12345678901234567890123}}],)"
        R"("tool_call_id":"call-1","model":"a \"model\"",)"
        R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},)"
        R"("extra":{"z":[1,null],"a":{}},"token_count":77,"request_id":"r1"})");
}

TEST_CASE_TEMPLATE("contract: what is absent is assigned or null", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const Event stored = repo->add_event(NewEvent{ConversationId("c"), EventType::kMeta}).event;
  CHECK(stored.seq == 1);
  CHECK(stored.id.value().size() == 36);
  CHECK(stored.id.value()[14] == '7');
  CHECK(stored.extra == JsonText::empty_object());
  CHECK(stored.token_count == 0);
  CHECK_FALSE(stored.role.has_value());
  CHECK_FALSE(stored.content.has_value());
  CHECK(repo->find_event(stored.id).value() == stored);
}

TEST_CASE_TEMPLATE("contract: text keeps every byte, NUL and four-byte characters among them", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const std::string text = std::string("a\0b", 3) + "\xF0\x9F\x98\x80\n\t\"\\";
  const Event stored = repo->add_event(user_says("c", text)).event;
  CHECK(repo->find_event(stored.id)->content->raw() == text);
  const Event empty = repo->add_event(user_says("c", "")).event;
  CHECK(repo->find_event(empty.id)->content.value() == Content::text(""));
}

TEST_CASE_TEMPLATE("contract: events are numbered 1, 2, 3 in each conversation", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (int i = 0; i < 3; ++i) {
    CHECK(repo->add_event(user_says("a", "x")).event.seq == i + 1);
    CHECK(repo->add_event(user_says("b", "x")).event.seq == i + 1);
  }
}

TEST_CASE_TEMPLATE(
    "contract: a request id stored once answers the event first stored, whatever the new one says", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const Appended first = repo->add_event(with_request(user_says("c", "one"), "r"));
  const Appended again = repo->add_event(with_request(user_says("c", "two"), "r"));
  CHECK_FALSE(first.duplicate);
  CHECK(again.duplicate);
  CHECK(again.event == first.event);
  CHECK_FALSE(repo->add_event(with_request(user_says("other", "one"), "r")).duplicate);
  CHECK(repo->find_by_request(ConversationId("c"), RequestId("r")).value() == first.event);
  CHECK_FALSE(repo->find_by_request(ConversationId("c"), RequestId("no")).has_value());
}

TEST_CASE_TEMPLATE("contract: a taken id and a seq that is not the next are conflicts, and nothing is stored",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  NewEvent event = user_says("c", "x");
  event.id = EventId("taken");
  repo->add_event(event);
  std::string field;
  CHECK(code_of([&] { repo->add_event(event); }, &field) == ErrorCode::kConflict);
  CHECK(field == "id");
  NewEvent late = user_says("c", "x");
  late.seq = 3;
  CHECK(code_of([&] { repo->add_event(late); }, &field) == ErrorCode::kConflict);
  CHECK(field == "seq");
  late.conversation_id = ConversationId("new");
  CHECK(code_of([&] { repo->add_event(late); }) == ErrorCode::kConflict);
  CHECK(seqs(repo->events({ConversationId("c")})) == std::vector<Seq>{1});
  CHECK(repo->conversation_ids(std::nullopt, 10).size() == 1);
  late.conversation_id = ConversationId("c");
  late.seq = 2;
  CHECK(repo->add_event(late).event.seq == 2);
}

TEST_CASE_TEMPLATE("contract: what may not be stored is refused with its field", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  std::string field;
  CHECK(code_of([&] { repo->add_event(user_says("c", "\xFF")); }, &field) == ErrorCode::kInvalidArgument);
  CHECK(field == "content");
  NewEvent event = user_says("c", "x");
  event.token_count = -1;
  CHECK(code_of(
            [&] {
              repo->add_events({user_says("c", "fine"), event});
            },
            &field) == ErrorCode::kInvalidArgument);
  CHECK(field == "events[1].token_count");
  CHECK(repo->events({ConversationId("c")}).empty());
}

TEST_CASE_TEMPLATE("contract: a batch is stored in order, or not at all", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const auto stored = repo->add_events({user_says("a", "1"), user_says("b", "1"), user_says("a", "2")});
  REQUIRE(stored.size() == 3);
  CHECK(stored[2].event.seq == 2);
  NewEvent wrong = user_says("a", "4");
  wrong.seq = 9;
  CHECK(code_of([&] { repo->add_events({user_says("a", "3"), wrong}); }) == ErrorCode::kConflict);
  CHECK(seqs(repo->events({ConversationId("a")})) == std::vector<Seq>{1, 2});
  CHECK(repo->add_events({}).empty());
}

TEST_CASE_TEMPLATE(
    "contract: members of a batch that are stored come back as they are, also when the batch names them "
    "twice",
    Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const Event first = repo->add_event(with_request(user_says("c", "1"), "r1")).event;
  const auto answers =
      repo->add_events({with_request(user_says("c", "other"), "r1"), with_request(user_says("c", "2"), "r2"),
                        with_request(user_says("c", "3"), "r2"), user_says("c", "4")});
  CHECK(answers[0].duplicate);
  CHECK(answers[0].event == first);
  CHECK_FALSE(answers[1].duplicate);
  CHECK(answers[2].duplicate);
  CHECK(answers[2].event == answers[1].event);
  CHECK(answers[3].event.seq == 3);
}

TEST_CASE_TEMPLATE("contract: events are read all, the most recent, before, after and between, in seq order",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_event(user_says("before", "x"));
  for (int i = 0; i < 10; ++i) repo->add_event(user_says("c", std::to_string(i)));
  repo->add_event(user_says("after", "x"));
  const auto read = [&](EventRange range) { return seqs(repo->events(range)); };
  const ConversationId c("c");
  CHECK(read({c}).size() == 10);
  CHECK(read({.conversation_id = c, .limit = 3}) == std::vector<Seq>{8, 9, 10});
  CHECK(read({.conversation_id = c, .before_seq = 5, .limit = 2}) == std::vector<Seq>{3, 4});
  CHECK(read({.conversation_id = c, .after_seq = 5, .limit = 2}) == std::vector<Seq>{6, 7});
  CHECK(read({.conversation_id = c, .after_seq = 2, .before_seq = 5}) == std::vector<Seq>{3, 4});
  CHECK(read({.conversation_id = c, .after_seq = 2, .before_seq = 9, .limit = 2}) == std::vector<Seq>{3, 4});
  CHECK(read({.conversation_id = c, .after_seq = 10}).empty());
  CHECK(read({.conversation_id = c, .after_seq = kMaxSeq * 4}).empty());
  CHECK(read({.conversation_id = c, .before_seq = -5}).empty());
  CHECK(read({.conversation_id = ConversationId("unknown")}).empty());
}

TEST_CASE_TEMPLATE("contract: a sink is given what events() answers, whatever the range and the gaps in it",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const ConversationId c("c");
  const auto import = [&](Seq seq) {
    ImportedEvent event{user_says("c", "x"), {}};
    event.event.seq = seq;
    REQUIRE(repo->import_events({event}).at(0).outcome == ImportResult::Outcome::kImported);
  };
  repo->add_events({user_says("before", "x"), user_says("before", "x")});
  check_ranges(*repo, {});
  repo->add_events({user_says("c", "1"), user_says("c", "2"), user_says("c", "3"), user_says("c", "4")});
  repo->add_events({user_says("d", "x"), user_says("d", "x")});
  check_ranges(*repo, {1, 2, 3, 4});
  REQUIRE(repo->remove_last_event(c));
  check_ranges(*repo, {1, 2, 3});
  import(5);
  import(6);
  check_ranges(*repo, {1, 2, 3, 5, 6});
  REQUIRE(repo->remove_last_event(c));
  REQUIRE(repo->remove_last_event(c));
  check_ranges(*repo, {1, 2, 3});
  repo->add_event(user_says("c", "after a gap that is closed again"));
  REQUIRE(repo->delete_conversation(c));
  check_ranges(*repo, {});
  import(4);
  check_ranges(*repo, {4});
  import(7);
  check_ranges(*repo, {4, 7});
}

TEST_CASE_TEMPLATE("contract: a sink is given every field, and null for what is absent", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const ConversationId c("c");
  const Event full = repo->add_event(full_event()).event;
  const Event bare = repo->add_event(NewEvent{c, EventType::kMeta}).event;
  const Event text = repo->add_event(user_says("c", "\xF0\x9F\x98\x80 \"h\xC3\xA9llo\"\n")).event;
  const Event empty = repo->add_event(user_says("c", "")).event;
  CHECK(read_all(*repo, {c}) == std::vector{full, bare, text, empty});
  CHECK(read_all(*repo, {.conversation_id = c, .limit = 2}) == std::vector{text, empty});
  CHECK_FALSE(view_of(bare).content.has_value());
  CHECK_FALSE(view_of(bare).role.has_value());
  CHECK(view_of(empty).content == ContentView{Content::Form::kText, ""});
  for (const Event& event : {full, bare, text, empty}) CHECK(to_event(view_of(event)) == event);
}

TEST_CASE_TEMPLATE("contract: what a sink throws ends the read, and the next one finds a sound connection",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  struct Full final : EventSink {
    void restart() override {}
    void take(const EventView&) override { throw std::length_error("full"); }
  };
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_events({user_says("c", "1"), user_says("c", "2")});
  Full sink;
  CHECK_THROWS_AS(repo->read_events({ConversationId("c")}, sink), std::length_error);
  CHECK(read_all(*repo, {ConversationId("c")}).size() == 2);
  CHECK(repo->stats().connection_errors == 0);
}

TEST_CASE_TEMPLATE(
    "contract: the recent run within a budget of tokens ends at the first event that does not fit", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const std::int64_t tokens : {1, 100, 20, 30}) {
    NewEvent event = user_says("c", "x");
    event.token_count = tokens;
    repo->add_event(event);
  }
  const auto window = [&](std::int64_t budget) {
    return repo->recent_within_tokens(ConversationId("c"), budget);
  };
  CHECK(seqs(window(50).events) == std::vector<Seq>{3, 4});
  CHECK(window(50).token_count == 50);
  CHECK(seqs(window(149).events) == std::vector<Seq>{3, 4});
  CHECK(seqs(window(151).events) == std::vector<Seq>{1, 2, 3, 4});
  CHECK(window(29).events.empty());
  CHECK(window(29).token_count == 0);
}

TEST_CASE_TEMPLATE("contract: tokens are counted from the content unless given", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(repo->add_event(user_says("c", "12345")).event.token_count == 2);
  CHECK(repo->add_event(user_says("c", "")).event.token_count == 0);
}

TEST_CASE_TEMPLATE("contract: exists answers for an event id", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const EventId id = repo->add_event(user_says("c", "x")).event.id;
  CHECK(repo->exists(id));
  CHECK_FALSE(repo->exists(EventId("no")));
  CHECK_FALSE(repo->find_event(EventId("no")).has_value());
}

TEST_CASE_TEMPLATE("contract: conversations are listed most recently active first, page by page", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* name : {"a", "b", "c", "d"}) repo->add_event(user_says(name, std::string("to ") + name));
  repo->add_event(assistant_says("b", std::string(300, 'x')));
  repo->add_event(NewEvent{ConversationId("b"), EventType::kMeta});
  const ConversationPage first = repo->list_conversations({.limit = 3});
  REQUIRE(first.conversations.size() == 3);
  CHECK(first.conversations[0].id.value() == "b");
  CHECK(first.conversations[0].event_count == 3);
  CHECK(first.conversations[0].last_seq == 3);
  CHECK(first.conversations[0].preview == std::string(kPreviewCharacters, 'x'));
  CHECK(first.conversations[0].updated_at >= first.conversations[0].created_at);
  CHECK(first.conversations[1].id.value() == "d");
  REQUIRE(first.next.has_value());
  const ConversationPage second = repo->list_conversations({.limit = 3, .after = first.next});
  REQUIRE(second.conversations.size() == 1);
  CHECK(second.conversations[0].id.value() == "a");
  CHECK(second.conversations[0].preview == "to a");
  CHECK_FALSE(second.next.has_value());
}

TEST_CASE_TEMPLATE("contract: a page that ends with the last conversation has no next", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_event(user_says("a", "x"));
  repo->add_event(user_says("b", "x"));
  CHECK_FALSE(repo->list_conversations({.limit = 2}).next.has_value());
}

TEST_CASE_TEMPLATE("contract: a conversation that becomes active while pages are read is not seen twice",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* name : {"a", "b", "c"}) repo->add_event(user_says(name, "x"));
  const ConversationPage first = repo->list_conversations({.limit = 1});
  repo->add_event(user_says("c", "again"));
  const ConversationPage rest = repo->list_conversations({.limit = 10, .after = first.next});
  REQUIRE(rest.conversations.size() == 2);
  CHECK(rest.conversations[0].id.value() == "b");
  CHECK(rest.conversations[1].id.value() == "a");
}

TEST_CASE_TEMPLATE("contract: a cursor that no page gave is refused", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* cursor : {"", "x", "-1", "1x", "99999999999999999999"}) {
    std::string field;
    CHECK(code_of([&] { repo->list_conversations({.limit = 1, .after = cursor}); }, &field) ==
          ErrorCode::kInvalidArgument);
    CHECK(field == "after");
  }
}

TEST_CASE_TEMPLATE("contract: conversation ids come in byte order, page by page", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* name : {"b", "é", "B", "a"}) repo->add_event(user_says(name, "x"));
  const auto first = repo->conversation_ids(std::nullopt, 3);
  CHECK(first == std::vector{ConversationId("B"), ConversationId("a"), ConversationId("b")});
  CHECK(repo->conversation_ids(first.back(), 3) == std::vector{ConversationId("é")});
}

TEST_CASE_TEMPLATE(
    "contract: the last reply to a request is the last that names it, or else the last before the next "
    "question",
    Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const ConversationId c("c");
  const auto reply_to = [&](const char* request) {
    return repo->last_assistant_reply(c, RequestId(request));
  };
  repo->add_event(with_request(user_says("c", "q1"), "r1"));
  CHECK_FALSE(reply_to("r1").has_value());
  repo->add_event(assistant_says("c", "first try"));
  const EventId second = repo->add_event(assistant_says("c", "second try")).event.id;
  repo->add_event(with_request(user_says("c", "q2"), "r2"));
  CHECK(reply_to("r1") == second);
  CHECK_FALSE(reply_to("r2").has_value());
  NewEvent late = assistant_says("c", "a late answer to q1");
  late.extra = JsonText::parse(R"({"user_request_id":"r1"})");
  const EventId named = repo->add_event(late).event.id;
  CHECK(reply_to("r1") == named);
  CHECK_FALSE(reply_to("r2").has_value());
  CHECK_FALSE(reply_to("unknown").has_value());
}

TEST_CASE_TEMPLATE("contract: removing the last event frees its number", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const ConversationId c("c");
  CHECK_FALSE(repo->remove_last_event(c));
  repo->add_event(user_says("c", "1"));
  repo->add_event(with_request(user_says("c", "2"), "r"));
  CHECK(repo->remove_last_event(c));
  CHECK(seqs(repo->events({c})) == std::vector<Seq>{1});
  CHECK_FALSE(repo->find_by_request(c, RequestId("r")).has_value());
  CHECK(repo->add_event(user_says("c", "2 again")).event.seq == 2);
  CHECK(repo->remove_last_event(c));
  CHECK(repo->remove_last_event(c));
  CHECK_FALSE(repo->remove_last_event(c));
  CHECK(repo->list_conversations({}).conversations.at(0).event_count == 0);
}

TEST_CASE_TEMPLATE("contract: a deleted conversation is gone and begins at 1 again, its neighbours untouched",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* name : {"a", "b", "c"}) {
    repo->add_events({user_says(name, "1"), with_request(user_says(name, "2"), "r")});
  }
  CHECK(repo->delete_conversation(ConversationId("b")));
  CHECK_FALSE(repo->delete_conversation(ConversationId("b")));
  CHECK(repo->events({ConversationId("b")}).empty());
  CHECK(repo->events({ConversationId("a")}).size() == 2);
  CHECK(repo->events({ConversationId("c")}).size() == 2);
  CHECK_FALSE(repo->add_event(with_request(user_says("b", "x"), "r")).duplicate);
  CHECK(seqs(repo->events({ConversationId("b")})) == std::vector<Seq>{1});
}

TEST_CASE_TEMPLATE("contract: clear_all removes everything and says how many events there were", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(repo->clear_all() == 0);
  repo->add_events({user_says("a", "1"), user_says("b", "1"), user_says("b", "2")});
  CHECK(repo->clear_all() == 3);
  CHECK(repo->conversation_ids(std::nullopt, 10).empty());
  CHECK(repo->add_event(user_says("b", "x")).event.seq == 1);
}

TEST_CASE_TEMPLATE("contract: stats count leases and show the pools at rest", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(repo->stats().write_connections_created == 0);
  repo->add_event(user_says("c", "x"));
  repo->events({ConversationId("c")});
  repo->events({ConversationId("c")});
  const RepositoryStats stats = repo->stats();
  CHECK(stats.write_acquisitions == 1);
  CHECK(stats.read_acquisitions == 2);
  CHECK(stats.write_connections_created == 1);
  CHECK(stats.connection_errors == 0);
  CHECK(stats.read.available == stats.read.max);
  CHECK(stats.write.available == stats.write.max);
  CHECK(stats.wal_bytes > 0);
  CHECK(repo->health().status == RepositoryHealth::Status::kOk);
}

TEST_CASE_TEMPLATE("contract: what one repository stored the other finds, and the file outlives both", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  { rig.make<PooledSqlRepo>()->add_event(user_says("c", "pooled")); }
  { rig.make<Repo>()->add_event(user_says("c", "middle")); }
  const auto repo = rig.make<AsyncSqlRepo>();
  CHECK(seqs(repo->events({ConversationId("c")})) == std::vector<Seq>{1, 2});
}
