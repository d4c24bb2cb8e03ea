// What both repositories promise of summaries, and a memory made of them (invariant I9).

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <map>

#include "support/repository_rig.h"
#include "support/rounds.h"
#include "support/threads.h"
#include "weir/history/memory_service.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

const ConversationId kTea("tea");

/// Says which messages it was given, and counts how often it was asked.
class NamingSummariser final : public Summariser {
 public:
  std::string summarise(const std::vector<Event>& messages) override {
    ++asked;
    if (meanwhile) meanwhile();
    return std::to_string(messages.front().seq) + "-" + std::to_string(messages.back().seq);
  }

  std::atomic<int> asked = 0;
  std::function<void()> meanwhile;
};

/// A repository with a memory on it, in batches of four.
template <class Repo>
struct Rig {
  void say(int messages) {
    for (int i = 0; i < messages; ++i) {
      NewEvent said = i % 2 == 0 ? user_says("tea", "x") : assistant_says("tea", "y");
      said.token_count = 10;
      repo->add_event(said);
    }
  }

  std::vector<std::string> texts(const Context& context) const {
    std::vector<std::string> texts;
    for (const Summary& summary : context.summaries) texts.push_back(summary.text);
    return texts;
  }

  Context recent(std::size_t messages) { return memory.context(kTea, VerbatimCount{messages}); }

  RepositoryRig storage;
  std::unique_ptr<Repo> repo = storage.make<Repo>();
  NamingSummariser summariser;
  MemoryService memory{*repo, *repo, summariser, {.summary_batch = 4}};
};

using Texts = std::vector<std::string>;

}  // namespace

// A late compaction and a migration leave such gaps: here 1,200 runs of nine messages, none of which fills a
// batch.
TEST_CASE_TEMPLATE("memory: gaps between stored summaries are closed, however many there are", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  constexpr int kMessages = 12'000;
  const auto said = rig.repo->add_events(std::vector<NewEvent>(kMessages, user_says("tea", "x")));
  for (std::size_t tenth = 9; tenth < said.size(); tenth += 10) {
    NewSummary made{.first_event = said[tenth].event.id, .last_event = said[tenth].event.id};
    made.summary.first_seq = made.summary.last_seq = said[tenth].event.seq;
    made.summary.message_count = 1;
    made.summary.text = "one";
    REQUIRE(rig.repo->store_summary(kTea, made).has_value());
  }
  MemoryService memory(*rig.repo, *rig.repo, rig.summariser, {.summary_batch = 20});
  const Context context = memory.context(kTea, VerbatimCount{10});
  CHECK(context.total_messages() == kMessages);
  CHECK(context.verbatim_count() == 10);
}

TEST_CASE_TEMPLATE("memory: the end word by word, and a summary for each batch before it", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(13);
  const Context context = rig.recent(3);
  CHECK(rig.texts(context) == Texts{"1-4", "5-8", "9-10"});
  CHECK(context.messages.front().seq == 11);
  CHECK(context.total_messages() == 13);
  CHECK(context.summarized_count == 10);
  CHECK(context.verbatim_count() == 3);
  CHECK(rig.repo->summaries(kTea) == context.summaries);
}

TEST_CASE_TEMPLATE("memory: what is summarised is not summarised again", Repo, PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(13);
  const Context first = rig.recent(3);
  CHECK(rig.summariser.asked == 3);
  CHECK(rig.recent(3).summaries == first.summaries);
  CHECK(rig.summariser.asked == 3);
}

TEST_CASE_TEMPLATE("memory: the shorter summary is replaced as its batch fills", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(6);
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-4", "5-6"});
  rig.say(1);
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-4", "5-7"});
  CHECK(rig.repo->summaries(kTea).size() == 2);
  rig.say(2);
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-4", "5-8", "9-9"});
  CHECK(rig.repo->summaries(kTea).size() == 3);
}

TEST_CASE_TEMPLATE("memory: a stored batch that the verbatim part grows into stays stored and is not used",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(12);
  CHECK(rig.texts(rig.recent(4)) == Texts{"1-4", "5-8"});
  const Context grown = rig.recent(6);
  CHECK(rig.texts(grown) == Texts{"1-4", "5-6"});
  CHECK(grown.total_messages() == 12);
  CHECK(rig.summariser.asked == 3);
  CHECK(rig.texts(rig.recent(4)) == Texts{"1-4", "5-8"});
  CHECK(rig.summariser.asked == 3);
}

TEST_CASE_TEMPLATE("memory: the verbatim part may be as many messages as fit into tokens", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(6);
  const Context context = rig.memory.context(kTea, VerbatimTokens{25});
  CHECK(context.verbatim_count() == 2);
  CHECK(rig.texts(context) == Texts{"1-4"});
  CHECK(rig.memory.context(kTea, VerbatimTokens{0}).verbatim_count() == 0);
  CHECK(rig.memory.context(kTea, VerbatimTokens{1000}).summaries.empty());
}

TEST_CASE_TEMPLATE("memory: only messages count; what stands between them is passed over", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(2);
  rig.repo->add_event({kTea, EventType::kToolCall});
  rig.say(3);
  CHECK(rig.texts(rig.recent(1)) == Texts{"1-5"});
}

TEST_CASE_TEMPLATE("memory: of an unknown conversation it is empty, and nothing is made", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  Rig<Repo> rig;
  const Context context = rig.recent(5);
  CHECK(context.total_messages() == 0);
  CHECK_FALSE(rig.repo->find_conversation(kTea));
  CHECK_FALSE(rig.repo->clear_summaries(kTea));
}

TEST_CASE_TEMPLATE("memory: cleared summaries are made anew", Repo, PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(5);
  rig.recent(0);
  CHECK(rig.repo->clear_summaries(kTea));
  CHECK(rig.repo->summaries(kTea).empty());
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-4", "5-5"});
  CHECK(rig.summariser.asked == 4);
}

TEST_CASE_TEMPLATE("memory: a summary goes with any message that it covers", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(8);
  rig.recent(0);
  rig.repo->remove_last_event(kTea);
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-4", "5-7"});
  rig.repo->delete_conversation(kTea);
  rig.say(1);
  CHECK(rig.repo->summaries(kTea).empty());
}

TEST_CASE_TEMPLATE("memory: a reply compacted into a summarised batch has it summarised anew", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(2);
  NewEvent delta{kTea, EventType::kMeta};
  delta.extra = JsonText::parse(R"({"kind":"assistant_delta","user_request_id":"q"})");
  rig.repo->add_event(delta);
  rig.say(6);
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-5", "6-9"});
  rig.repo->compact_reply({kTea, RequestId("q"), Content::text("late")});
  // The messages of the broken batch, and the one that came between: 1, 2, 3, 4, then 5.
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-4", "5-5", "6-9"});
}

TEST_CASE_TEMPLATE("memory: a summary of messages that changed meanwhile is used once and not stored", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  rig.say(4);
  //   context: reads 1-4 ......... stores? no: 4 is gone
  //   another:            removes 4
  rig.summariser.meanwhile = [&] {
    rig.summariser.meanwhile = nullptr;
    rig.repo->remove_last_event(kTea);
  };
  CHECK(rig.texts(rig.recent(0)) == Texts{"1-4"});
  CHECK(rig.repo->summaries(kTea).empty());
}

TEST_CASE_TEMPLATE("memory: a batch is stored once even when many ask at once", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  for_rounds([] {
    Rig<Repo> rig;
    rig.say(8);
    // All have read before any of them stores.
    std::latch all_read(5);
    std::atomic<int> first_batches = 0;
    rig.summariser.meanwhile = [&] {
      if (first_batches++ < 5) all_read.arrive_and_wait();
    };
    std::vector<std::vector<Summary>> seen(5);
    run_at_once(5, [&](std::size_t thread) { seen[thread] = rig.recent(0).summaries; });
    const auto stored = rig.repo->summaries(kTea);
    REQUIRE(stored.size() == 2);
    for (const auto& summaries : seen) REQUIRE(summaries == stored);
  });
}

TEST_CASE_TEMPLATE("memory: chat and voice at once share one memory in one order", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  for_rounds([] {
    Rig<Repo> rig;
    const ConversationId shared = rig.memory.default_conversation().id;
    run_at_once(2, [&](std::size_t modality) {
      const std::string name = modality == 0 ? "chat" : "voice";
      for (int i = 0; i < 10; ++i) {
        rig.memory.append({shared, Role::kUser, name, name, RequestId(name + std::to_string(i))});
        rig.memory.append({shared, Role::kAssistant, "to " + name, name});
      }
    });
    const auto all = rig.memory.messages(shared, 100);
    REQUIRE(all.size() == 40);
    for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(all[i].seq == static_cast<Seq>(i + 1));
    std::map<std::string, int> said;
    for (const Event& message : all) ++said[message.extra.text()];
    REQUIRE(said ==
            std::map<std::string, int>{{R"({"modality":"chat"})", 20}, {R"({"modality":"voice"})", 20}});
    REQUIRE(rig.memory.context(shared, VerbatimCount{40}).messages == all);
  });
}

TEST_CASE_TEMPLATE("memory: what was appended last can be taken back", Repo, PooledSqlRepo, AsyncSqlRepo) {
  Rig<Repo> rig;
  const ConversationId id = rig.memory.default_conversation().id;
  CHECK(id.value() == "default");
  CHECK_FALSE(rig.memory.remove_last(id));
  rig.memory.append({id, Role::kUser, "oops"});
  CHECK(rig.memory.remove_last(id));
  CHECK(rig.memory.append({id, Role::kUser, "again"}).event.seq == 1);
}
