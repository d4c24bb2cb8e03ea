#include "weir/history/id.h"

#include <doctest/doctest.h>

#include <unordered_set>

#include "history/error_expectation.h"

using weir::history::ConversationId;
using weir::history::EventId;
using weir::history::RequestId;
using weir::history::ToolCallId;
using weir::testing::refusal;

TEST_CASE("id: any UTF-8 of 1 to 256 bytes is kept as it is") {
  for (const auto& text :
       {std::string("a"), std::string(" a/b?c%20#\"'\\ "), std::string("旅行-🚀"), std::string(256, 'x')}) {
    CHECK(ConversationId(text).value() == text);
  }
}

TEST_CASE("id: none, or more than 256 bytes, is refused with the length") {
  CHECK(refusal("conversation_id", [] { ConversationId(""); }) ==
        "conversation_id: must have 1 to 256 bytes, has 0");
  CHECK(refusal("id", [] { EventId(std::string(257, 'x')); }) == "id: must have 1 to 256 bytes, has 257");
}

TEST_CASE("id: bytes count, not characters") {
  std::string text;
  for (int i = 0; i < 129; ++i) text += "é";
  refusal("id", [&text] { EventId{text}; });
}

TEST_CASE("id: what is not UTF-8, or holds a control character, is refused without being quoted") {
  CHECK(refusal("request_id", [] { RequestId("sec\xffret"); }) == "request_id: must be UTF-8");
  CHECK(refusal("tool_call_id", [] { ToolCallId("sec\nret"); }) ==
        "tool_call_id: must not hold control characters");
  refusal("id", [] { EventId(std::string("a\0b", 3)); });
  refusal("id", [] { EventId("a\xc2\x85"); });
}

TEST_CASE("id: ids of one kind are ordered by their bytes") {
  CHECK(ConversationId("a") == ConversationId("a"));
  CHECK(ConversationId("B") < ConversationId("a"));
  CHECK(ConversationId("a") < ConversationId("aa"));
  CHECK(ConversationId("z") < ConversationId("é"));
}

TEST_CASE("id: ids can be kept in unordered containers") {
  const std::unordered_set<EventId> ids = {EventId("a"), EventId("b"), EventId("a")};
  CHECK(ids.size() == 2);
}

TEST_CASE("id: one that was stored is not checked again") {
  CHECK(EventId::stored("").value().empty());
}
