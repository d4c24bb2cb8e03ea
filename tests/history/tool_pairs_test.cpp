#include "weir/history/tool_pairs.h"

#include <doctest/doctest.h>

using namespace weir::history;

namespace {

using Pairs = std::vector<std::pair<Seq, Seq>>;

/// A conversation, event by event.
class Conversation {
 public:
  Conversation& calls(std::string_view tool_calls) {
    return take(EventType::kAssistantMessage, tool_calls, std::nullopt);
  }
  Conversation& call(std::optional<std::string_view> id) {
    return take(EventType::kToolCall, std::nullopt, id);
  }
  Conversation& result(std::optional<std::string_view> id) {
    return take(EventType::kToolResult, std::nullopt, id);
  }
  Conversation& message() { return take(EventType::kUserMessage, std::nullopt, std::nullopt); }

  Pairs pairs() const {
    Pairs found;
    for (const ToolPair& pair : tools.pairs()) found.emplace_back(pair.call, pair.result);
    return found;
  }
  Pairs stretches() const {
    Pairs found;
    for (const ToolStretch& stretch : tools.stretches()) found.emplace_back(stretch.first, stretch.last);
    return found;
  }

  ToolPairs tools;

 private:
  Conversation& take(EventType type, std::optional<std::string_view> tool_calls,
                     std::optional<std::string_view> id) {
    tools.take({++seq_, type, tool_calls, id});
    return *this;
  }

  Seq seq_ = 0;
};

}  // namespace

TEST_CASE("tool pairs: a result belongs to the call with its id, in tool_calls or of a tool_call") {
  Conversation c;
  c.message().calls(R"([{"id":"a"},{"id":"b"}])").call("c").result("b").message().result("c").result("a");
  CHECK(c.pairs() == Pairs{{2, 4}, {3, 6}, {2, 7}});
  CHECK(c.stretches() == Pairs{{2, 7}});
}

TEST_CASE("tool pairs: further results of a call belong to it while they follow at once") {
  Conversation c;
  c.call("a").call("b").result("a").result("b").result("a").message().result("a");
  CHECK(c.pairs() == Pairs{{1, 3}, {2, 4}, {1, 5}});
}

TEST_CASE("tool pairs: a call without an id is answered by the results right behind it") {
  Conversation c;
  c.call(std::nullopt).result(std::nullopt).result("x").message().result(std::nullopt);
  c.calls(R"([{"function":{"name":"f"}},7])").result(std::nullopt);
  CHECK(c.pairs() == Pairs{{1, 2}, {1, 3}, {6, 7}});
}

TEST_CASE("tool pairs: of an id that is used again, a result belongs to the call before it") {
  Conversation c;
  c.call("0").call("0").result("0").call("0").result("0");
  CHECK(c.pairs() == Pairs{{2, 3}, {4, 5}});
  CHECK_FALSE(c.tools.has_open_call(5));
}

TEST_CASE("tool pairs: stretches that overlap are one, those that only follow each other are two") {
  Conversation c;
  c.call("a").call("b").result("a").result("b").call("c").result("c").message();
  CHECK(c.stretches() == Pairs{{1, 4}, {5, 6}});
  CHECK(c.tools.torn_behind(3)->last == 4);
  CHECK_FALSE(c.tools.torn_behind(4));
  CHECK(c.tools.torn_behind(5)->first == 5);
  CHECK_FALSE(c.tools.torn_behind(6));
  CHECK_FALSE(c.tools.torn_behind(0));
}

TEST_CASE("tool pairs: a call is open from where it stands until its result") {
  Conversation c;
  c.message().call("a");
  CHECK(c.tools.has_open_call(2));
  CHECK_FALSE(c.tools.has_open_call(1));
  c.result("a");
  CHECK_FALSE(c.tools.has_open_call(3));
}

TEST_CASE("tool pairs: a list of calls that is none calls nothing") {
  Conversation c;
  c.calls("[").calls("[]").result(std::nullopt);
  CHECK(c.pairs().empty());
}
