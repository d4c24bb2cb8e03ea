#include "weir/service/chat_service.h"

#include <doctest/doctest.h>

#include <functional>
#include <utility>

#include "support/manual_clock.h"
#include "support/repository_rig.h"
#include "weir/history/error.h"

using namespace weir::service;
using weir::history::ConversationId;
using weir::history::RequestId;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

/// Remembers what it was asked.
class RecordingAssistant final : public Assistant {
 public:
  std::string_view name() const override { return "recording"; }
  void reply(const std::vector<weir::history::Event>& context, std::string_view message,
             PieceSink say) override {
    if (breaks_off) say("half an");
    if (is_broken || breaks_off) throw weir::history::Error(weir::history::ErrorCode::kUnavailable, "asleep");
    seqs.clear();
    for (const auto& event : context) seqs.push_back(event.seq);
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    say("answer " + std::to_string(++asked));
    say(" to " + std::string(message));
  }

  bool is_broken = false;
  bool breaks_off = false;          // fails after its first words
  std::function<void()> meanwhile;  // happens once, before the next answer
  int asked = 0;
  std::vector<weir::history::Seq> seqs;  // of the last context
};

/// Writes down what it hears.
class Listener final : public ReplyListener {
 public:
  void on_question(const weir::history::Event& question) override {
    heard.push_back("question " + std::to_string(question.seq));
  }
  void on_piece(std::string_view piece) override { heard.emplace_back(piece); }

  std::vector<std::string> heard;
};

struct Rig {
  weir::history::Appended stream(const std::string& text, std::optional<RequestId> request = {}) {
    listener.heard.clear();
    return service.stream({ConversationId("c"), text, std::move(request)}, listener);
  }

  std::vector<weir::history::Event> events() { return repository->events({ConversationId("c")}); }

  ChatAnswer chat(const std::string& text, std::optional<RequestId> request = {}) {
    return service.chat({ConversationId("c"), text, std::move(request)});
  }

  weir::testing::RepositoryRig storage;
  std::unique_ptr<PooledSqlRepo> repository = storage.make<PooledSqlRepo>();
  RecordingAssistant assistant;
  Listener listener;
  weir::testing::ManualClock clock;
  ChatService service{*repository, assistant, clock, 3};
};

}  // namespace

TEST_CASE("chat service: the assistant is given the recent events, the message last") {
  Rig rig;
  rig.chat("one");
  CHECK(rig.assistant.seqs == std::vector<weir::history::Seq>{1});
  rig.chat("two");
  CHECK(rig.assistant.seqs == std::vector<weir::history::Seq>{1, 2, 3});
  rig.chat("three");
  CHECK(rig.assistant.seqs == std::vector<weir::history::Seq>{3, 4, 5});
}

TEST_CASE("chat service: a repeated request is answered without asking again") {
  Rig rig;
  const ChatAnswer first = rig.chat("one", RequestId("r"));
  const ChatAnswer again = rig.chat("one", RequestId("r"));
  CHECK_FALSE(first.duplicate);
  CHECK(again.duplicate);
  CHECK(again.response == "answer 1 to one");
  CHECK(rig.assistant.asked == 1);
}

TEST_CASE("chat service: equal messages without a request_id are two messages") {
  Rig rig;
  CHECK(rig.chat("one").response == "answer 1 to one");
  CHECK(rig.chat("one").response == "answer 2 to one");
}

TEST_CASE(
    "chat service: when the assistant fails the message stays, and its repetition is answered in its place") {
  Rig rig;
  rig.assistant.is_broken = true;
  CHECK_THROWS_AS(rig.chat("one", RequestId("r")), weir::history::Error);
  rig.assistant.is_broken = false;
  rig.chat("two");
  const ChatAnswer answer = rig.chat("one", RequestId("r"));
  CHECK(answer.response == "answer 2 to one");
  CHECK_FALSE(answer.duplicate);
  CHECK(rig.assistant.seqs == std::vector<weir::history::Seq>{1});
}

TEST_CASE(
    "chat service: the answer's request_id names the message by its id, by its seq when the id is too long") {
  Rig rig;
  const auto answered = [&rig](const std::string& id, const std::string& reply_request) {
    auto question = weir::testing::with_request(weir::testing::user_says("c", "asked"), "of " + id);
    question.id = weir::history::EventId(id);
    rig.repository->add_event(question);
    const ChatAnswer answer = rig.chat("asked", question.request_id);
    const auto found = rig.repository->find_by_request(ConversationId("c"), RequestId(reply_request));
    return found && found->id == answer.message_id;
  };
  CHECK(answered("q", "reply-to:q"));
  CHECK(answered(std::string(240, 'i'), "reply-to:" + std::string(240, 'i')));
  CHECK(answered(std::string(241, 'i'), "reply-to:5"));
}

TEST_CASE("chat service: the answer to a removed message is not given to the next one of its seq") {
  Rig rig;
  rig.assistant.meanwhile = [&rig] {
    rig.repository->remove_last_event(ConversationId("c"));
    const auto next = weir::testing::with_request(weir::testing::user_says("c", "two"), "r");
    CHECK(rig.repository->add_event(next).event.seq == 1);
  };
  CHECK(rig.chat("one").response == "answer 1 to one");
  const ChatAnswer answer = rig.chat("two", RequestId("r"));
  CHECK(answer.response == "answer 2 to two");
  CHECK_FALSE(answer.duplicate);
}

TEST_CASE("chat service: somebody else's event under the answer's request_id is not taken for the answer") {
  const auto conflicts = [](Rig& rig) {
    try {
      rig.chat("one", RequestId("r"));
    } catch (const weir::history::Error& error) {
      return error.code() == weir::history::ErrorCode::kConflict;
    }
    return false;
  };
  auto question = weir::testing::with_request(weir::testing::user_says("c", "one"), "r");
  question.id = weir::history::EventId("q");
  const auto intruder =
      weir::testing::with_request(weir::testing::user_says("c", "not an answer"), "reply-to:q");

  Rig before;  // it is there when the answer is looked for
  before.repository->add_event(question);
  before.repository->add_event(intruder);
  CHECK(conflicts(before));
  CHECK(before.assistant.asked == 0);

  Rig meanwhile;  // it comes while the assistant thinks
  meanwhile.repository->add_event(question);
  meanwhile.assistant.meanwhile = [&] { meanwhile.repository->add_event(intruder); };
  CHECK(conflicts(meanwhile));
}

TEST_CASE(
    "chat service: of a stream the question is told first, then each piece; what is left is the answer") {
  Rig rig;
  const auto answer = rig.stream("one", RequestId("r"));
  CHECK(rig.listener.heard == std::vector<std::string>{"question 1", "answer 1", " to one"});
  CHECK_FALSE(answer.duplicate);
  const auto events = rig.events();
  REQUIRE(events.size() == 2);
  CHECK(events[1] == answer.event);
  CHECK(events[1].seq == 2);
  CHECK(events[1].model == "recording");
}

TEST_CASE("chat service: a stream of a message without request_id leaves no piece behind either") {
  Rig rig;
  rig.stream("one");
  rig.stream("two");
  REQUIRE(rig.events().size() == 4);
  CHECK(rig.events()[3].content->plain_text() == "answer 2 to two");
}

TEST_CASE(
    "chat service: a stream that broke off leaves its pieces, its repetition puts the answer in their "
    "place") {
  Rig rig;
  rig.assistant.breaks_off = true;
  CHECK_THROWS_AS(rig.stream("one", RequestId("r")), weir::history::Error);
  REQUIRE(rig.events().size() == 2);
  CHECK(rig.events()[1].type == weir::history::EventType::kMeta);
  rig.assistant.breaks_off = false;
  rig.chat("two");  // stands behind them
  CHECK(rig.assistant.seqs == std::vector<weir::history::Seq>{1, 3});
  const auto answer = rig.stream("one", RequestId("r"));
  CHECK(answer.event.seq == 2);
  CHECK(rig.events().size() == 4);
}

TEST_CASE("chat service: a repeated stream hears the question again and no pieces") {
  Rig rig;
  const auto first = rig.stream("one", RequestId("r"));
  const auto again = rig.stream("one", RequestId("r"));
  CHECK(rig.listener.heard == std::vector<std::string>{"question 1"});
  CHECK(again.duplicate);
  CHECK(again.event == first.event);
  CHECK(rig.assistant.asked == 1);
}

TEST_CASE("chat service: a stream whose conversation was deleted meanwhile leaves no piece in the new one") {
  Rig rig;
  rig.chat("before");
  rig.assistant.meanwhile = [&rig] { rig.repository->delete_conversation(ConversationId("c")); };
  const auto answer = rig.stream("one", RequestId("r"));
  REQUIRE(rig.events().size() == 1);
  CHECK(rig.events()[0] == answer.event);
}
