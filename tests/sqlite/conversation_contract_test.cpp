// What both repositories promise of conversations that are made, named and read, and of replies that were
// streamed (invariant I9).

#include <doctest/doctest.h>

#include <atomic>

#include "support/error_of.h"
#include "support/repository_rig.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

const ConversationId kTea("tea");

NewEvent delta(const std::string& request, const std::string& text) {
  NewEvent event{kTea, EventType::kMeta};
  event.content = Content::text(text);
  event.extra = JsonText::parse(R"({"kind":"assistant_delta","user_request_id":")" + request + "\"}");
  return event;
}

ReplyCompaction reply(const std::string& request, const std::string& text) {
  return {.conversation_id = kTea, .user_request = RequestId(request), .content = Content::text(text)};
}

std::vector<Seq> seqs(const std::vector<Event>& events) {
  std::vector<Seq> found;
  for (const Event& event : events) found.push_back(event.seq);
  return found;
}

}  // namespace

TEST_CASE_TEMPLATE("conversations: one is made once, and keeps what it has when it is put again", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK_FALSE(repo->find_conversation(kTea));
  const PutConversation made = repo->put_conversation(kTea, std::nullopt);
  CHECK(made.created);
  CHECK_FALSE(made.conversation.title);
  CHECK(made.conversation.event_count == 0);
  CHECK(repo->find_conversation(kTea) == made.conversation);
  const PutConversation renamed = repo->put_conversation(kTea, "About tea");
  CHECK_FALSE(renamed.created);
  CHECK(renamed.conversation.title == "About tea");
  CHECK(repo->put_conversation(kTea, std::nullopt).conversation.title == "About tea");
  CHECK(repo->list_conversations({}).conversations == std::vector<Conversation>{renamed.conversation});
}

TEST_CASE_TEMPLATE("conversations: one is called after its first user message, unless it has a title", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_event(assistant_says("tea", "Welcome."));
  CHECK_FALSE(repo->find_conversation(kTea)->title);
  repo->add_event(user_says("tea", "Which tea is best in the evening?"));
  repo->add_event(user_says("tea", "And in the morning?"));
  CHECK(repo->find_conversation(kTea)->title == "Which tea is best in the evening?");
  repo->put_conversation(ConversationId("named"), "Mine");
  repo->add_event(user_says("named", "Something else"));
  CHECK(repo->find_conversation(ConversationId("named"))->title == "Mine");
}

TEST_CASE_TEMPLATE("conversations: a title is 1 to 256 bytes without control characters", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const std::string& title :
       {std::string(), std::string(257, 'x'), std::string("a\nb"), std::string("\xFF")}) {
    const Error error = error_of([&] { repo->put_conversation(kTea, title); });
    CHECK(error.code() == ErrorCode::kInvalidArgument);
    CHECK(error.field() == "title");
  }
  CHECK_FALSE(repo->find_conversation(kTea));
}

TEST_CASE_TEMPLATE("conversations: of many who ask for one first, one makes it", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    std::atomic<int> made = 0;
    run_at_once(10, [&](std::size_t) { made += repo->put_conversation(kTea, std::nullopt).created ? 1 : 0; });
    REQUIRE(made == 1);
    REQUIRE(repo->list_conversations({}).conversations.size() == 1);
  });
}

TEST_CASE_TEMPLATE("messages: the most recent of users and assistants, in order, and nothing else", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_event(user_says("tea", "1"));
  repo->add_event({kTea, EventType::kToolCall});
  repo->add_event({kTea, EventType::kToolResult});
  repo->add_event(assistant_says("tea", "4"));
  repo->add_event({kTea, EventType::kMeta});
  repo->add_event(user_says("tea", "6"));
  repo->add_event(user_says("other", "1"));
  CHECK(seqs(repo->recent_messages(kTea, 10)) == std::vector<Seq>{1, 4, 6});
  CHECK(seqs(repo->recent_messages(kTea, 2)) == std::vector<Seq>{4, 6});
  CHECK(repo->recent_messages(kTea, 0).empty());
  CHECK(repo->recent_messages(ConversationId("unknown"), 10).empty());
}

TEST_CASE_TEMPLATE("compaction: the message takes the number of the first delta, and the deltas are gone",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_event(with_request(user_says("tea", "?"), "q"));
  repo->add_event(delta("q", "Gre"));
  repo->add_event(delta("other", "Bla"));
  repo->add_event(delta("q", "en"));
  ReplyCompaction green = reply("q", "Green");
  green.usage = Usage{1, 2, 3};
  green.model = "m";
  const Appended compacted = repo->compact_reply(green);
  CHECK_FALSE(compacted.duplicate);
  CHECK(compacted.event.seq == 2);
  CHECK(compacted.event.type == EventType::kAssistantMessage);
  CHECK(compacted.event.role == Role::kAssistant);
  CHECK(compacted.event.usage == Usage{1, 2, 3});
  CHECK(compacted.event.model == "m");
  CHECK(compacted.event.extra == JsonText::parse(R"({"user_request_id":"q"})"));
  CHECK(seqs(repo->events({kTea})) == std::vector<Seq>{1, 2, 3});
  CHECK(repo->find_event(compacted.event.id) == compacted.event);
  CHECK(repo->find_conversation(kTea)->event_count == 3);
  CHECK(repo->find_conversation(kTea)->last_seq == 4);
  CHECK(repo->add_event(user_says("tea", "next")).event.seq == 5);
}

TEST_CASE_TEMPLATE("compaction: repeated, it answers the same message and takes late deltas away", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->add_event(with_request(user_says("tea", "?"), "q"));
  repo->add_event(delta("q", "Green"));
  const Event first = repo->compact_reply(reply("q", "Green")).event;
  repo->add_event(delta("q", "late"));
  const Appended again = repo->compact_reply(reply("q", "another text"));
  CHECK(again.duplicate);
  CHECK(again.event == first);
  CHECK(seqs(repo->events({kTea})) == std::vector<Seq>{1, 2});
  CHECK(repo->find_conversation(kTea)->event_count == 2);
}

TEST_CASE_TEMPLATE("compaction: without deltas the message is appended, in a new conversation too", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const Event made = repo->compact_reply(reply("q", "Green")).event;
  CHECK(made.seq == 1);
  CHECK(repo->compact_reply(reply("q", "Green")).event == made);
  repo->add_event(with_request(user_says("tea", "?"), "r"));
  CHECK(repo->compact_reply(reply("r", "Black")).event.seq == 3);
}

TEST_CASE_TEMPLATE("compaction: a request_id that is taken names the message there", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const Event stored = repo->add_event(with_request(assistant_says("tea", "x"), "mine")).event;
  repo->add_event(delta("q", "Gre"));
  ReplyCompaction named = reply("q", "Green");
  named.request_id = RequestId("mine");
  const Appended answer = repo->compact_reply(named);
  CHECK(answer.duplicate);
  CHECK(answer.event == stored);
}

TEST_CASE_TEMPLATE("compaction: at any moment there are all deltas and no message, or the message alone",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  for_rounds([] {
    RepositoryRig rig;
    const auto repo = rig.make<Repo>();
    repo->add_event(with_request(user_says("tea", "?"), "q"));
    for (int i = 0; i < 8; ++i) repo->add_event(delta("q", "x"));
    std::atomic<bool> ended = false;
    std::atomic<int> torn = 0;
    std::atomic<int> made = 0;
    run_at_once(6, [&](std::size_t thread) {
      if (thread < 3) {
        made += repo->compact_reply(reply("q", "xxxxxxxx")).duplicate ? 0 : 1;
        ended = true;
        return;
      }
      while (!ended) {
        const std::size_t count = repo->events({kTea}).size();
        torn += count == 9 || count == 2 ? 0 : 1;
      }
    });
    REQUIRE(torn == 0);
    REQUIRE(made == 1);
    REQUIRE(repo->events({kTea}).size() == 2);
  });
}
