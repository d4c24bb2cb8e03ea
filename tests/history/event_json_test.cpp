#include "weir/history/event_json.h"

#include <doctest/doctest.h>

#include "history/error_expectation.h"

using weir::history::Content;
using weir::history::ConversationId;
using weir::history::Event;
using weir::history::EventType;
using weir::history::Field;
using weir::history::format_timestamp;
using weir::history::ImportedEvent;
using weir::history::NewEvent;
using weir::history::parse_event;
using weir::history::Role;
using weir::history::Usage;
using weir::testing::refusal;

namespace {

const ConversationId kConversation("c");

/// The JSON of a whole event, with one more member in it.
std::string with(std::string_view member) {
  return std::string(R"({"conversation_id":"c","type":"meta",)").append(member) + "}";
}

NewEvent parsed_with(std::string_view member) {
  return parse_event(with(member)).event;
}

std::string refusal_with(std::string_view field, std::string_view member) {
  return refusal(field, [member] { parse_event(with(member)); });
}

bool gives(const ImportedEvent& event, Field field) {
  return event.given[static_cast<std::size_t>(field)];
}

/// An event that has every field.
constexpr std::string_view kFull =
    R"({"id":"e1","conversation_id":"c","seq":7,"timestamp":"2026-01-31T08:00:00.000001Z",)"
    R"("type":"assistant_message","role":"assistant","content":"hi \"you\"\n",)"
    R"("tool_calls":[{"z":1.50,"a":[]}],"tool_call_id":"t1","model":"m",)"
    R"("usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"extra":{"k":null},)"
    R"("token_count":9,"request_id":"r1"})";

/// `event` as a store would keep it that assigns nothing.
Event stored(const NewEvent& event) {
  Event kept{.id = *event.id, .conversation_id = event.conversation_id};
  kept.seq = event.seq.value_or(0);
  kept.timestamp = event.timestamp.value_or(weir::history::Timestamp{});
  kept.type = event.type;
  kept.role = event.role;
  kept.content = event.content;
  kept.tool_calls = event.tool_calls;
  kept.tool_call_id = event.tool_call_id;
  kept.model = event.model;
  kept.usage = event.usage;
  if (event.extra) kept.extra = *event.extra;
  kept.token_count = event.token_count.value_or(0);
  kept.request_id = event.request_id;
  return kept;
}

}  // namespace

TEST_CASE("event json: every field is read") {
  const ImportedEvent read = parse_event(kFull);
  const NewEvent& event = read.event;
  CHECK(read.given.all());
  CHECK(event.id->value() == "e1");
  CHECK(event.conversation_id == kConversation);
  CHECK(event.seq == 7);
  CHECK(format_timestamp(*event.timestamp) == "2026-01-31T08:00:00.000001Z");
  CHECK(event.type == EventType::kAssistantMessage);
  CHECK(event.role == Role::kAssistant);
  CHECK(event.content == Content::text("hi \"you\"\n"));
  CHECK(event.tool_calls->text() == R"([{"z":1.50,"a":[]}])");
  CHECK(event.tool_call_id->value() == "t1");
  CHECK(event.model == "m");
  CHECK(event.usage == Usage{1, 2, 3});
  CHECK(event.extra->text() == R"({"k":null})");
  CHECK(event.token_count == 9);
  CHECK(event.request_id->value() == "r1");
}

TEST_CASE("event json: what is printed is what was read, every field present and in order") {
  CHECK(to_json(stored(parse_event(kFull).event)) == kFull);
}

TEST_CASE("event json: what is absent is printed as null, extra as an empty object") {
  const Event event{.id = weir::history::EventId("e"), .conversation_id = kConversation, .seq = 1};
  CHECK(to_json(event) ==
        R"({"id":"e","conversation_id":"c","seq":1,"timestamp":"1970-01-01T00:00:00.000000Z","type":"meta",)"
        R"("role":null,"content":null,"tool_calls":null,"tool_call_id":null,)"
        R"("model":null,"usage":null,"extra":{},)"
        R"("token_count":0,"request_id":null})");
}

TEST_CASE("event json: events are appended one after another") {
  const Event event{.id = weir::history::EventId("e"), .conversation_id = kConversation, .seq = 1};
  std::string out = "x";
  append_json(out, event);
  append_json(out, event);
  CHECK(out == "x" + to_json(event) + to_json(event));
}

TEST_CASE("event json: type and conversation are enough, and only they are given") {
  const ImportedEvent read = parse_event(R"( {"type" : "meta" , "conversation_id" : "c"} )");
  CHECK(read.given.count() == 2);
  CHECK(gives(read, Field::kType));
  CHECK(gives(read, Field::kConversationId));
  CHECK_FALSE(read.event.id.has_value());
  CHECK_FALSE(read.event.extra.has_value());
}

TEST_CASE("event json: null means none, or what the store assigns") {
  const NewEvent event = parsed_with(
      R"("id":null,"seq":null,"timestamp":null,"role":null,"content":null,"tool_calls":null,)"
      R"("tool_call_id":null,"model":null,"usage":null,"extra":null,"token_count":null,"request_id":null)");
  CHECK_FALSE(event.id.has_value());
  CHECK_FALSE(event.seq.has_value());
  CHECK_FALSE(event.timestamp.has_value());
  CHECK_FALSE(event.content.has_value());
  CHECK_FALSE(event.usage.has_value());
  CHECK_FALSE(event.extra.has_value());
  CHECK_FALSE(event.token_count.has_value());
}

TEST_CASE("event json: type and conversation_id may be neither null nor absent") {
  CHECK(refusal("type", [] { parse_event(R"({"conversation_id":"c"})"); }) == "type: is missing");
  CHECK(refusal("conversation_id", [] { parse_event(R"({"type":"meta"})"); }) ==
        "conversation_id: is missing");
  refusal("type", [] { parse_event(R"({"conversation_id":"c","type":null})"); });
  refusal("conversation_id", [] { parse_event(R"({"conversation_id":null,"type":"meta"})"); });
}

TEST_CASE(
    "event json: the conversation that the caller names may be left out or repeated, not contradicted") {
  CHECK(parse_event(R"({"type":"meta"})", kConversation).event.conversation_id == kConversation);
  CHECK(parse_event(R"({"type":"meta","conversation_id":"c"})", kConversation).event.conversation_id ==
        kConversation);
  CHECK(refusal("conversation_id", [] {
          parse_event(R"({"type":"meta","conversation_id":"d"})", kConversation);
        }) == "conversation_id: must be the conversation the call names");
}

TEST_CASE("event json: content is a string, a list of text parts, or null") {
  CHECK(parsed_with(R"("content":"")").content == Content::text(""));
  CHECK(parsed_with(R"("content":"\u00e9\u0000")").content == Content::text(std::string("é\0", 3)));
  const auto parts = parsed_with(R"("content":[ {"type":"text", "text":"a"} ])").content;
  REQUIRE(parts.has_value());
  CHECK(parts->form() == Content::Form::kParts);
  CHECK(parts->raw() == R"([{"type":"text","text":"a"}])");
  CHECK(refusal_with("content", R"("content":1)") ==
        "content: must be a string, a list of text parts, or null");
  refusal_with("content", R"("content":true)");
  refusal_with("content", R"("content":{"type":"text","text":"a"})");
  refusal_with("content[1]", R"("content":[{"type":"text","text":"a"},"b"])");
}

TEST_CASE("event json: tool calls are a list of objects, kept as given") {
  CHECK(parsed_with(R"("tool_calls":[])").tool_calls->text() == "[]");
  CHECK(parsed_with(R"("tool_calls":[ {"b" : 1e2 , "a" : [1, "x", null]}, {} ])").tool_calls->text() ==
        R"([{"b":1e2,"a":[1,"x",null]},{}])");
  for (const auto* member : {R"("tool_calls":"x")", R"("tool_calls":{})", R"("tool_calls":[1])",
                             R"("tool_calls":["x"])", R"("tool_calls":[null])", R"("tool_calls":[{},true])",
                             R"("tool_calls":[1.5])", R"("tool_calls":[[]])", R"("tool_calls":false)"}) {
    CHECK_MESSAGE(refusal_with("tool_calls", member) == "tool_calls: must be a list of objects, or null",
                  member);
  }
}

TEST_CASE("event json: usage has its three whole numbers and nothing else") {
  CHECK(parsed_with(R"("usage":{"total_tokens":3,"prompt_tokens":0,"completion_tokens":9223372036854775807})")
            .usage == Usage{0, 9'223'372'036'854'775'807, 3});
  for (const auto* usage : {"{}", R"({"prompt_tokens":1,"completion_tokens":2})",
                            R"({"prompt_tokens":1,"completion_tokens":2,"total":3})",
                            R"({"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"more":4})",
                            R"({"prompt_tokens":-1,"completion_tokens":2,"total_tokens":3})",
                            R"({"prompt_tokens":1.0,"completion_tokens":2,"total_tokens":3})",
                            R"({"prompt_tokens":"1","completion_tokens":2,"total_tokens":3})",
                            R"({"prompt_tokens":null,"completion_tokens":2,"total_tokens":3})",
                            R"({"prompt_tokens":9223372036854775808,"completion_tokens":2,"total_tokens":3})",
                            "[]", "1", "\"x\""}) {
    refusal_with("usage", std::string(R"("usage":)") + usage);
  }
}

TEST_CASE("event json: extra is an object, kept as given") {
  CHECK(parsed_with(R"("extra":{"b":[1.0,{"c":"\u00e9"}],"a":{}})").extra->text() ==
        R"({"b":[1.0,{"c":"é"}],"a":{}})");
  for (const auto* value : {"[]", "1", "\"x\"", "true", "1.5"}) {
    CHECK(refusal_with("extra", std::string(R"("extra":)") + value) == "extra: must be an object");
  }
}

TEST_CASE("event json: seq and token_count are whole numbers within their range") {
  CHECK(parsed_with(R"("seq":1,"token_count":0)").seq == 1);
  CHECK(parsed_with(R"("seq":4294967295,"token_count":2147483647)").token_count == 2'147'483'647);
  for (const auto* value : {"0", "-1", "1.0", "4294967296", "18446744073709551615", "99999999999999999999",
                            "\"1\"", "true", "[]", "{}"}) {
    CHECK_MESSAGE(refusal_with("seq", std::string(R"("seq":)") + value) ==
                      "seq: must be a whole number, 1 to 4294967295",
                  value);
  }
  for (const auto* value : {"-1", "2147483648", "0.5", "\"0\""}) {
    CHECK_MESSAGE(refusal_with("token_count", std::string(R"("token_count":)") + value) ==
                      "token_count: must be a whole number, 0 to 2147483647",
                  value);
  }
}

TEST_CASE("event json: names that are none are refused with the names there are, unquoted") {
  CHECK(refusal("type", [] { parse_event(R"({"conversation_id":"c","type":"secret"})"); }) ==
        "type: must be user_message, assistant_message, tool_call, tool_result, system_update or meta");
  CHECK(refusal_with("role", R"("role":"secret")") == "role: must be system, user, assistant, tool or null");
  CHECK(refusal_with("timestamp", R"("timestamp":"secret")").find("secret") == std::string::npos);
  refusal_with("timestamp", R"("timestamp":1767225600)");
  refusal_with("role", R"("role":1)");
  refusal_with("model", R"("model":1)");
}

TEST_CASE("event json: ids are checked as ids are") {
  for (const auto* field : {"id", "request_id", "tool_call_id"}) {
    const std::string name = std::string("\"") + field + "\":";
    CHECK(refusal_with(field, name + "\"\"") == std::string(field) + ": must have 1 to 256 bytes, has 0");
    refusal_with(field, name + R"("a\u0000b")");
    refusal_with(field, name + "\"" + std::string(257, 'x') + "\"");
    refusal_with(field, name + "1");
    refusal_with(field, name + "[]");
  }
  refusal("conversation_id", [] { parse_event(R"({"conversation_id":"","type":"meta"})"); });
}

TEST_CASE("event json: a field that an event does not have is named, shortly") {
  CHECK(refusal_with("colour", R"("colour":1)") == "colour: is not a field of an event");
  refusal_with("Type", R"("Type":1)");
  refusal_with("(a name with control characters)", R"("a\nb":1)");
  refusal_with("(a name of no characters)", R"("":1)");
  CHECK(refusal_with(std::string(40, 'x'), std::string("\"") + std::string(100'000, 'x') + "\":1").size() <
        100);
}

TEST_CASE("event json: a field given twice is refused, even where it was null") {
  CHECK(refusal_with("type", R"("type":"meta")") == "type: is given twice");
  refusal_with("seq", R"("seq":null,"seq":1)");
  refusal_with("content", R"("content":"a","content":null)");
}

TEST_CASE("event json: what is no JSON object is refused without being quoted") {
  for (const auto* json :
       {"", "secret", "{", R"({"type":"meta")", R"({"conversation_id":"c","type":"meta"} x)",
        R"({"conversation_id":"c","type":"meta"}{})", "{\"type\":\"\xff\"}", R"({"type":"\ud800"})"}) {
    const std::string message = refusal("event", [json] { parse_event(json); });
    CHECK_MESSAGE(message.starts_with("event: is not valid JSON at byte "), json);
    CHECK(message.find("secret") == std::string::npos);
  }
  for (const auto* json : {"null", "1", "1.5", "true", "\"x\"", "[]", R"([{"type":"meta"}])"}) {
    CHECK_MESSAGE(refusal("event", [json] { parse_event(json); }) == "event: must be an object, an event",
                  json);
  }
}

TEST_CASE("event json: a NUL byte ends no event: it is refused with what follows it") {
  using namespace std::string_view_literals;
  for (const auto json : {R"({"type":"meta"})"
                          "\0"sv,
                          R"({"type":"meta"})"
                          "\0garbage"sv}) {
    CHECK(refusal("event", [json] { parse_event(json, kConversation); }) ==
          "event: is not valid JSON at byte 16");
  }
}

TEST_CASE("event json: nesting is bounded") {
  const auto nested = [](std::size_t depth) {
    return std::string(R"("extra":{"a":)") + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK_NOTHROW(parsed_with(nested(62)));
  CHECK(refusal_with("event", nested(63)) == "event: nests deeper than 64 levels");
}
