#include "weir/service/chat_body.h"

#include <doctest/doctest.h>

#include "weir/history/error.h"

using namespace weir::service;
using weir::history::ConversationId;

namespace {

ChatMessage parse(std::string_view json) {
  return parse_chat(json, ConversationId("default"));
}

std::string field_of_error(std::string_view json) {
  try {
    parse(json);
  } catch (const weir::history::Error& error) {
    CHECK(error.code() == weir::history::ErrorCode::kInvalidArgument);
    return error.field();
  }
  return "(taken)";
}

}  // namespace

TEST_CASE("chat body: message, conversation_id and request_id are read") {
  const ChatMessage read = parse(R"({"message":"hi","conversation_id":"c","request_id":"r"})");
  CHECK(read.message == "hi");
  CHECK(read.conversation_id.value() == "c");
  REQUIRE(read.request_id);
  CHECK(read.request_id->value() == "r");
}

TEST_CASE("chat body: what is optional may be absent or null") {
  for (const char* json :
       {R"({"message":"hi"})", R"({"message":"hi","conversation_id":null,"request_id":null})"}) {
    const ChatMessage read = parse(json);
    CHECK(read.conversation_id.value() == "default");
    CHECK_FALSE(read.request_id);
  }
}

TEST_CASE("chat body: the message must be a string that is not empty") {
  for (const char* json : {"{}", R"({"message":""})", R"({"message":null})", R"({"message":5})",
                           R"({"message":["hi"]})", R"({"message":{"text":"hi"}})", R"({"message":true})"}) {
    CAPTURE(json);
    CHECK(field_of_error(json) == "message");
  }
}

TEST_CASE("chat body: ids must be ids") {
  CHECK(field_of_error(R"({"message":"hi","conversation_id":""})") == "conversation_id");
  CHECK(field_of_error(R"({"message":"hi","conversation_id":7})") == "conversation_id");
  CHECK(field_of_error(R"({"message":"hi","request_id":"a\u0000b"})") == "request_id");
}

TEST_CASE("chat body: a field given twice, or of no meaning, is refused by its name") {
  CHECK(field_of_error(R"({"message":"a","message":"b"})") == "message");
  CHECK(field_of_error(R"({"message":"a","request_id":null,"request_id":"b"})") == "request_id");
  CHECK(field_of_error(R"({"message":"a","role":"user"})") == "role");
  CHECK(field_of_error(R"({"message":"a","\u0000":1})") == "body");
}

TEST_CASE("chat body: a NUL byte ends no body: it is refused with what follows it") {
  using namespace std::string_view_literals;
  for (const auto json : {"{\"message\":\"hi\"}\0"sv, "{\"message\":\"hi\"}\0garbage"sv}) {
    try {
      parse(json);
      FAIL_CHECK("it was taken");
    } catch (const weir::history::Error& error) {
      CHECK(error.code() == weir::history::ErrorCode::kInvalidArgument);
      CHECK(error.field() == "body");
      CHECK(std::string(error.what()) == "body: is not valid JSON at byte 17");
    }
  }
}

TEST_CASE("chat body: what is no JSON object is refused as a body") {
  for (const char* json :
       {"", "{", "[]", "\"hi\"", "null", "5", R"({"message":"hi"} x)", "{\"message\":\"\xFF\"}"}) {
    CAPTURE(json);
    CHECK(field_of_error(json) == "body");
  }
}
