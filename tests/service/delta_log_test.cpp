#include "weir/service/delta_log.h"

#include <doctest/doctest.h>

#include "support/manual_clock.h"
#include "support/repository_rig.h"

using namespace weir::service;
using weir::history::ConversationId;
using weir::history::RequestId;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

struct Rig {
  /// The contents of all that is stored.
  std::vector<std::string> stored() {
    std::vector<std::string> contents;
    for (const auto& event : repository->events({ConversationId("c")})) {
      contents.push_back(event.content->plain_text());
    }
    return contents;
  }

  weir::testing::RepositoryRig storage;
  std::unique_ptr<PooledSqlRepo> repository = storage.make<PooledSqlRepo>();
  weir::testing::ManualClock clock;
  DeltaLog log{*repository, clock, {ConversationId("c"), RequestId("r")}};
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("delta log: the first piece is stored at once, named as a delta of the request") {
  Rig rig;
  rig.log.add("Hello");
  const auto events = rig.repository->events({ConversationId("c")});
  REQUIRE(events.size() == 1);
  CHECK(events[0].type == weir::history::EventType::kMeta);
  CHECK(events[0].content->plain_text() == "Hello");
  CHECK(events[0].extra ==
        weir::history::JsonText::stored(R"({"kind":"assistant_delta","user_request_id":"r"})"));
}

TEST_CASE("delta log: words that come fast are one event, once they are 512 bytes or 100 ms old") {
  Rig rig;
  rig.log.add("first");
  rig.log.add(" second");
  rig.clock.advance(std::chrono::milliseconds(99));
  rig.log.add(" third");
  CHECK(rig.stored() == Texts{"first"});
  rig.clock.advance(std::chrono::milliseconds(1));
  rig.log.add(" fourth");
  CHECK(rig.stored() == Texts{"first", " second third fourth"});
  rig.log.add(std::string(511, 'x'));
  CHECK(rig.stored().size() == 2);
  rig.log.add("x");
  CHECK(rig.stored().back() == std::string(512, 'x'));
}

TEST_CASE("delta log: an empty piece is no event") {
  Rig rig;
  rig.log.add("");
  CHECK(rig.stored().empty());
}

TEST_CASE("delta log: it knows below which number none of its events stands, when numbers begin anew too") {
  Rig rig;
  CHECK(rig.log.start_before(7) == 7);
  rig.repository->add_event(weir::testing::user_says("c", "hi"));
  rig.log.add(std::string(512, 'x'));
  CHECK(rig.log.start_before(7) == 1);
  CHECK(rig.log.start_before(1) == 1);
  rig.repository->delete_conversation(ConversationId("c"));
  rig.log.add(std::string(512, 'x'));
  CHECK(rig.log.start_before(1) == 0);
}
