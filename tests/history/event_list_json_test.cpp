// Lists of events, as a POST gives them.
#include <doctest/doctest.h>

#include "history/error_expectation.h"
#include "weir/history/event_json.h"

using weir::history::ConversationId;
using weir::history::EventType;
using weir::history::parse_events;
using weir::testing::refusal;

namespace {

const ConversationId kConversation("c");

}  // namespace

TEST_CASE("event list json: one object is one event and no list") {
  const auto parsed = parse_events(R"({"type":"meta"})", kConversation, 1'000);
  CHECK_FALSE(parsed.is_list);
  REQUIRE(parsed.events.size() == 1);
  CHECK(parsed.events[0].conversation_id == kConversation);
}

TEST_CASE("event list json: a list keeps its order, and nothing of one event is in the next") {
  const auto parsed = parse_events(
      R"([{"type":"meta","content":"a","extra":{"x":1},"id":"1"},{"type":"tool_call","tool_calls":[{}]}])",
      kConversation, 1'000);
  CHECK(parsed.is_list);
  REQUIRE(parsed.events.size() == 2);
  CHECK(parsed.events[0].id->value() == "1");
  CHECK(parsed.events[1].type == EventType::kToolCall);
  CHECK_FALSE(parsed.events[1].content.has_value());
  CHECK_FALSE(parsed.events[1].extra.has_value());
  CHECK(parsed.events[1].tool_calls->text() == "[{}]");
}

TEST_CASE("event list json: an empty list holds no events") {
  const auto parsed = parse_events(" [ ] ", kConversation, 1'000);
  CHECK(parsed.is_list);
  CHECK(parsed.events.empty());
}

TEST_CASE("event list json: in a list the place of the event stands before the field") {
  const auto refused = [](std::string_view field, std::string_view second) {
    const std::string list = std::string(R"([{"type":"meta"},)").append(second) + "]";
    return refusal(field, [&list] { parse_events(list, kConversation, 1'000); });
  };
  CHECK(refused("events[1].type", "{}") == "events[1].type: is missing");
  CHECK(refused("events[1].id", R"({"type":"meta","id":""})") ==
        "events[1].id: must have 1 to 256 bytes, has 0");
  CHECK(refused("events[1].content[0]", R"({"type":"meta","content":[1]})") ==
        R"(events[1].content[0]: must be {"type":"text","text":STRING})");
  CHECK(refused("events[1].colour", R"({"colour":1})") == "events[1].colour: is not a field of an event");
  CHECK(refused("events[1].seq", R"({"seq":0})") == "events[1].seq: must be a whole number, 1 to 4294967295");
  CHECK(refused("events[1].conversation_id", R"({"type":"meta","conversation_id":"d"})") ==
        "events[1].conversation_id: must be the conversation the call names");
  CHECK(refused("events[1].tool_calls", R"({"tool_calls":[1]})") ==
        "events[1].tool_calls: must be a list of objects, or null");
  CHECK(refused("events[1]", "1") == "events[1]: must be an object, an event");
  CHECK(refused("events[1]", "null") == "events[1]: must be an object, an event");
  CHECK(refused("events[1]", "[]") == "events[1]: must be an object, an event");
}

TEST_CASE("event list json: a body that is neither an event nor a list of them is refused") {
  for (const auto* json : {"1", "null", "\"x\""}) {
    CHECK(refusal("body", [json] { parse_events(json, kConversation, 1'000); }) ==
          "body: must be an object, an event");
  }
  for (const auto* json : {"", "[", "[{\"type\":\"meta\"},]", "[] []"}) {
    refusal("body", [json] { parse_events(json, kConversation, 1'000); });
  }
}

TEST_CASE("event list json: a NUL byte ends no body: it is refused with what follows it") {
  using namespace std::string_view_literals;
  CHECK(refusal("body", [] { parse_events("{\"type\":\"meta\"}\0garbage"sv, kConversation, 1'000); }) ==
        "body: is not valid JSON at byte 16");
  CHECK(refusal("body", [] { parse_events("[]\0"sv, kConversation, 1'000); }) ==
        "body: is not valid JSON at byte 3");
}

TEST_CASE("event list json: a list may be as long as allowed and no longer") {
  CHECK(parse_events(R"([{"type":"meta"},{"type":"meta"}])", kConversation, 2).events.size() == 2);
  CHECK(refusal("body", [] {
          parse_events(R"([{"type":"meta"},{"type":"meta"},{"type":"meta"}])", kConversation, 2);
        }) == "body: must hold at most 2 events");
}
