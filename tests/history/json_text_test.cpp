#include "weir/history/json_text.h"

#include <doctest/doctest.h>

#include "history/error_expectation.h"

using weir::history::JsonText;
using weir::history::kMaxJsonDepth;
using weir::testing::refusal;

namespace {

std::string kept(std::string_view json) {
  return JsonText::parse(json).text();
}

std::string nested(int depth) {
  const auto count = static_cast<std::size_t>(depth);
  return std::string(count, '[') + std::string(count, ']');
}

bool same(std::string_view a, std::string_view b) {
  return JsonText::parse(a) == JsonText::parse(b);
}

}  // namespace

TEST_CASE("json text: white space goes and nothing else does") {
  CHECK(kept(" { \"b\" : [ 1 , 2 ] ,\n\t\"a\" : \" x \" }\r\n") == R"({"b":[1,2],"a":" x "})");
}

TEST_CASE("json text: members keep their order, and equal names all their values") {
  CHECK(kept(R"({"z":1,"a":2,"z":3})") == R"({"z":1,"a":2,"z":3})");
}

TEST_CASE("json text: numbers keep all their digits") {
  CHECK(kept("[1.10,-0.0,1e-7,1E+300]") == "[1.10,-0.0,1e-7,1E+300]");
  CHECK(kept("123456789012345678901234567890") == "123456789012345678901234567890");
  CHECK(kept("[18446744073709551615,-9223372036854775808]") == "[18446744073709551615,-9223372036854775808]");
}

TEST_CASE("json text: every kind of value is a text") {
  for (const auto* json : {"null", "true", "false", "0", "\"\"", "[]", "{}"}) CHECK(kept(json) == json);
}

TEST_CASE("json text: strings are spelled one way") {
  CHECK(kept(R"("\u0041\/\u00e9\ud83d\ude80\u0000\u001f")") == "\"A/é🚀\\u0000\\u001f\"");
}

TEST_CASE("json text: reading what was kept changes nothing more") {
  const std::string once = kept(R"( {"a":[1.50,"\u00e9\n"],"b":{"c":null}} )");
  CHECK(kept(once) == once);
}

TEST_CASE("json text: an object and a list are told apart") {
  CHECK(JsonText::parse(" {}").is_object());
  CHECK_FALSE(JsonText::parse(" {}").is_array());
  CHECK(JsonText::parse(" []").is_array());
  CHECK_FALSE(JsonText::parse("\"{\"").is_object());
  CHECK(JsonText::empty_object().text() == "{}");
}

TEST_CASE("json text: what is no JSON is refused, with the field and the place, unquoted") {
  for (const auto* json : {"",
                           " ",
                           "secret",
                           "{",
                           "[1,]",
                           "{\"a\"}",
                           "{\"a\":1,}",
                           "'a'",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "NaN",
                           "[1] [2]",
                           "// note\n1",
                           "\"\n\"",
                           R"("\x")",
                           R"("\ud800")",
                           R"("\udc00\ud800")",
                           "\"\xff\"",
                           "\"\xc0\x80\"",
                           "\"\xed\xa0\x80\""}) {
    const std::string message = refusal("extra", [json] { JsonText::parse(json, "extra"); });
    CHECK_MESSAGE(message.starts_with("extra: is not valid JSON at byte "), json);
    CHECK(message.find("secret") == std::string::npos);
  }
}

TEST_CASE("json text: a NUL byte is no end: it is refused, wherever it stands") {
  using namespace std::string_view_literals;
  const auto refused = [](std::string_view json) {
    return refusal("extra", [json] { JsonText::parse(json, "extra"); });
  };
  CHECK(refused("{}\0"sv) == "extra: is not valid JSON at byte 3");
  CHECK(refused("{}\0garbage"sv) == "extra: is not valid JSON at byte 3");
  CHECK(refused("\0{}"sv) == "extra: is not valid JSON at byte 1");
  CHECK(refused("[1,\0 2]"sv) == "extra: is not valid JSON at byte 4");
  CHECK(refused("\"\0\""sv) == "extra: is not valid JSON at byte 2");
}

TEST_CASE("json text: a number too large to be compared is refused") {
  const std::string message = refusal("extra", [] { JsonText::parse("[1e999]", "extra"); });
  CHECK(message.starts_with("extra: holds a number out of range at byte "));
}

TEST_CASE("json text: nesting is bounded") {
  CHECK(kept(nested(kMaxJsonDepth)) == nested(kMaxJsonDepth));
  CHECK(refusal("json", [] { JsonText::parse(nested(kMaxJsonDepth + 1)); }) ==
        "json: nests deeper than 64 levels");
  refusal("json", [] { JsonText::parse(nested(1'000'000)); });
  CHECK_NOTHROW(JsonText::parse(std::string("[") + nested(63) + "," + nested(63) + "]"));
}

TEST_CASE("json text: the order of members and the spelling of numbers and strings do not count") {
  CHECK(same(R"({"a":1,"b":[2]})", R"({ "b": [2.0], "a": 1e0 })"));
  CHECK(same(R"("\u00e9")", "\"é\""));
}

TEST_CASE("json text: different values differ") {
  CHECK_FALSE(same("[1,2]", "[2,1]"));
  CHECK_FALSE(same("{}", "[]"));
  CHECK_FALSE(same("null", "{}"));
  CHECK_FALSE(same(R"({"a":1})", R"({"a":1,"b":null})"));
  CHECK_FALSE(same("\"1\"", "1"));
}
