#include "weir/service/chat_service.h"

#include <doctest/doctest.h>

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
  std::string reply(const std::vector<weir::history::Event>& context, std::string_view message) override {
    if (is_broken) throw weir::history::Error(weir::history::ErrorCode::kUnavailable, "asleep");
    seqs.clear();
    for (const auto& event : context) seqs.push_back(event.seq);
    return "answer " + std::to_string(++asked) + " to " + std::string(message);
  }

  bool is_broken = false;
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
  ChatService service{*repository, assistant, 3};
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

TEST_CASE("chat service: somebody else's event under the answer's request_id is not taken for the answer") {
  Rig rig;
  auto event = weir::testing::user_says("c", "not an answer");
  event.request_id = RequestId("reply-to:2");
  rig.repository->add_event(event);
  try {
    rig.chat("one");
    FAIL("it was taken");
  } catch (const weir::history::Error& error) {
    CHECK(error.code() == weir::history::ErrorCode::kConflict);
  }
}
