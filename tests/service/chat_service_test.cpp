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
    if (is_broken) throw weir::history::Error(weir::history::ErrorCode::kUnavailable, "asleep");
    seqs.clear();
    for (const auto& event : context) seqs.push_back(event.seq);
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    say("answer " + std::to_string(++asked));
    say(" to " + std::string(message));
  }

  bool is_broken = false;
  std::function<void()> meanwhile;  // happens once, before the next answer
  int asked = 0;
  std::vector<weir::history::Seq> seqs;  // of the last context
};

struct Rig {
  ChatAnswer chat(const std::string& text, std::optional<RequestId> request = {}) {
    return service.chat({ConversationId("c"), text, std::move(request)});
  }

  weir::testing::RepositoryRig storage;
  std::unique_ptr<PooledSqlRepo> repository = storage.make<PooledSqlRepo>();
  RecordingAssistant assistant;
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
