#include "weir/history/imported_event.h"

#include <doctest/doctest.h>

#include <set>

#include "weir/history/event_json.h"

using weir::history::Content;
using weir::history::ConversationId;
using weir::history::Event;
using weir::history::EventId;
using weir::history::EventType;
using weir::history::Field;
using weir::history::first_difference;
using weir::history::JsonText;
using weir::history::kFieldCount;
using weir::history::parse_event;
using weir::history::parse_timestamp;
using weir::history::RequestId;
using weir::history::Role;
using weir::history::ToolCallId;
using weir::history::Usage;

namespace {

Event stored_event() {
  Event event{.id = EventId("e"), .conversation_id = ConversationId("c"), .seq = 3};
  event.timestamp = *parse_timestamp("2026-01-31T08:00:00Z");
  event.type = EventType::kToolCall;
  event.role = Role::kAssistant;
  event.content = Content::text("hi");
  event.tool_calls = JsonText::parse(R"([{"a":1,"b":2}])");
  event.tool_call_id = ToolCallId("t");
  event.model = "m";
  event.usage = Usage{1, 2, 3};
  event.extra = JsonText::parse(R"({"k":1.5})");
  event.token_count = 4;
  event.request_id = RequestId("r");
  return event;
}

/// What differs when `json` names the stored event; empty when nothing does.
std::string difference(std::string_view json) {
  const auto field = first_difference(parse_event(json, ConversationId("c")), stored_event());
  return field ? std::string(to_string(*field)) : "";
}

}  // namespace

TEST_CASE("imported event: every field has a name of its own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kFieldCount; ++i) names.insert(to_string(static_cast<Field>(i)));
  CHECK(names.size() == kFieldCount);
  CHECK(to_string(Field::kId) == "id");
  CHECK(to_string(Field::kToolCallId) == "tool_call_id");
  CHECK(to_string(Field::kRequestId) == "request_id");
}

TEST_CASE("imported event: an event as it was exported differs in nothing") {
  CHECK(difference(to_json(stored_event())) == "");
}

TEST_CASE("imported event: only the fields that are given count") {
  CHECK(difference(R"({"type":"tool_call"})") == "");
  CHECK(difference(R"({"type":"tool_call","content":"hi","request_id":"r"})") == "");
}

TEST_CASE("imported event: equal is what says the same, however it is written") {
  CHECK(difference(R"({"type":"tool_call","timestamp":"2026-01-31T10:30:00+02:30"})") == "");
  CHECK(difference(R"({"type":"tool_call","tool_calls":[{"b":2.0,"a":1}],"extra":{"k":15e-1}})") == "");
}

TEST_CASE("imported event: each field that is given otherwise is found") {
  CHECK(difference(R"({"type":"meta"})") == "type");
  for (const auto* member :
       {R"("id":"f")", R"("seq":4)", R"("timestamp":"2026-01-31T08:00:00.000001Z")", R"("role":"user")",
        R"("content":"ho")", R"("tool_calls":[{"a":1}])", R"("tool_call_id":"u")", R"("model":"n")",
        R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":4})", R"("extra":{})",
        R"("token_count":5)", R"("request_id":"s")"}) {
    const std::string_view name = std::string_view(member).substr(1, std::string_view(member).find(':') - 2);
    CHECK(difference(std::string(R"({"type":"tool_call",)") + member + "}") == name);
  }
}

TEST_CASE(
    "imported event: null is a value where a field can have none, and says nothing where the store assigns "
    "one") {
  for (const auto* name : {"role", "content", "tool_calls", "tool_call_id", "model", "usage", "request_id"}) {
    CHECK(difference(std::string(R"({"type":"tool_call",")") + name + "\":null}") == name);
  }
  for (const auto* name : {"id", "seq", "timestamp", "extra", "token_count"}) {
    CHECK(difference(std::string(R"({"type":"tool_call",")") + name + "\":null}") == "");
  }
}

TEST_CASE("imported event: of several differences the first in the order of the fields is told") {
  CHECK(difference(R"({"token_count":5,"type":"tool_call","content":"ho","model":"n"})") == "content");
}
