#include "weir/history/event.h"

#include <doctest/doctest.h>

#include "history/error_expectation.h"

using weir::history::Content;
using weir::history::ConversationId;
using weir::history::count_tokens;
using weir::history::EventType;
using weir::history::JsonText;
using weir::history::kMaxSeq;
using weir::history::kMaxTokenCount;
using weir::history::NewEvent;
using weir::history::Role;
using weir::testing::refusal;

namespace {

Content parts(std::string_view json) {
  return Content::parts(JsonText::parse(json));
}

/// An event that may be stored.
NewEvent fine() {
  return NewEvent{ConversationId("c"), EventType::kUserMessage};
}

}  // namespace

TEST_CASE("event: every type and role has its name, and the name leads back") {
  for (const auto* name :
       {"user_message", "assistant_message", "tool_call", "tool_result", "system_update", "meta"}) {
    REQUIRE(weir::history::event_type_from(name).has_value());
    CHECK(to_string(*weir::history::event_type_from(name)) == name);
  }
  for (const auto* name : {"system", "user", "assistant", "tool"}) {
    REQUIRE(weir::history::role_from(name).has_value());
    CHECK(to_string(*weir::history::role_from(name)) == name);
  }
  CHECK(to_string(EventType::kToolResult) == "tool_result");
  CHECK(to_string(Role::kAssistant) == "assistant");
}

TEST_CASE("event: a name that is none leads nowhere") {
  for (const auto* name : {"", "User_message", "user_message ", "user", "metadata"}) {
    CHECK_FALSE(weir::history::event_type_from(name).has_value());
  }
  for (const auto* name : {"", "User", "function", "meta"})
    CHECK_FALSE(weir::history::role_from(name).has_value());
}

TEST_CASE("content: the words of a string are the string") {
  const Content content = Content::text("so {\"it\"} is");
  CHECK(content.form() == Content::Form::kText);
  CHECK(content.plain_text() == "so {\"it\"} is");
}

TEST_CASE("content: the words of parts follow each other without a separator") {
  const Content content =
      parts(R"([{"type":"text","text":"a\n"},{"text":"é","type":"text"},{"type":"text","text":""}])");
  CHECK(content.form() == Content::Form::kParts);
  CHECK(content.plain_text() == "a\né");
  CHECK(parts("[]").plain_text().empty());
}

TEST_CASE("content: parts other than text are refused with their place") {
  for (const auto* part : {R"({"type":"image","text":"x"})", R"({"type":"text"})", R"({"text":"x"})",
                           R"({"type":"text","text":1})", R"({"type":"text","text":null})",
                           R"({"type":"text","text":"x","more":1})", R"("x")", "[]", "null"}) {
    const std::string list = std::string(R"([{"type":"text","text":"fine"},)") + part + "]";
    CHECK_MESSAGE(refusal("content[1]", [&list] { parts(list); }) ==
                      R"(content[1]: must be {"type":"text","text":STRING})",
                  part);
  }
}

TEST_CASE("content: what is no list has no parts") {
  refusal("content", [] { parts("{}"); });
  refusal("content", [] { parts("1"); });
}

TEST_CASE("content: equal is what says the same in the same form") {
  CHECK(Content::text("a") == Content::text("a"));
  CHECK_FALSE(Content::text("a") == Content::text("b"));
  CHECK(parts(R"([{"type":"text","text":"a"}])") == parts(R"([ {"text":"\u0061","type":"text"} ])"));
  CHECK_FALSE(parts(R"([{"type":"text","text":"a"}])") == parts(R"([{"type":"text","text":"b"}])"));
  CHECK_FALSE(Content::text("[]") == parts("[]"));
}

TEST_CASE("content: what was stored comes back as it was made") {
  const Content made = parts(R"([{"type":"text","text":"a"}])");
  CHECK(Content::stored(made.form(), made.raw()) == made);
}

TEST_CASE("tokens: a quarter of the bytes of the words, rounded up") {
  CHECK(count_tokens(std::nullopt) == 0);
  CHECK(count_tokens(Content::text("")) == 0);
  CHECK(count_tokens(Content::text("a")) == 1);
  CHECK(count_tokens(Content::text("abcd")) == 1);
  CHECK(count_tokens(Content::text("abcde")) == 2);
  CHECK(count_tokens(Content::text("🚀")) == 1);
  CHECK(count_tokens(Content::text("éé中")) == 2);
}

TEST_CASE("tokens: of parts the words count together, not their JSON") {
  CHECK(count_tokens(parts(R"([{"type":"text","text":"abc"},{"type":"text","text":"de"}])")) == 2);
  CHECK(count_tokens(parts("[]")) == 0);
}

TEST_CASE("event check: what may be stored passes, to the ends of every range") {
  CHECK_NOTHROW(check(fine()));
  NewEvent event = fine();
  event.seq = 1;
  event.token_count = 0;
  event.content = Content::text("é🚀\n");
  event.model = "";
  event.tool_calls = JsonText::parse("[{}]");
  event.extra = JsonText::parse("{\"a\":1}");
  CHECK_NOTHROW(check(event));
  event.seq = kMaxSeq;
  event.token_count = kMaxTokenCount;
  CHECK_NOTHROW(check(event));
}

TEST_CASE("event check: numbers out of range are refused with what is allowed") {
  NewEvent event = fine();
  for (const std::int64_t seq : {std::int64_t{0}, std::int64_t{-1}, kMaxSeq + 1}) {
    event.seq = seq;
    CHECK(refusal("seq", [&event] { check(event); }) == "seq: must be 1 to 4294967295");
  }
  event = fine();
  for (const std::int64_t count : {std::int64_t{-1}, kMaxTokenCount + 1}) {
    event.token_count = count;
    CHECK(refusal("token_count", [&event] { check(event); }) == "token_count: must be 0 to 2147483647");
  }
}

TEST_CASE("event check: text that is not UTF-8 is refused") {
  NewEvent event = fine();
  event.content = Content::text("\xff");
  refusal("content", [&event] { check(event); });
  event = fine();
  event.model = "\xc3";
  refusal("model", [&event] { check(event); });
}

TEST_CASE("event check: tool calls are a list and extra is an object") {
  NewEvent event = fine();
  for (const char* wrong : {"{}", "[1]", "[{}, null]"}) {
    event.tool_calls = JsonText::parse(wrong);
    refusal("tool_calls", [&event] { check(event); });
  }
  event = fine();
  event.extra = JsonText::parse("[]");
  refusal("extra", [&event] { check(event); });
}
