#include "weir/history/utf8.h"

#include <doctest/doctest.h>

#include <string>

using namespace std::string_view_literals;
using weir::history::first_characters;
using weir::history::has_control_characters;
using weir::history::is_utf8;

TEST_CASE("utf8: well-formed text of every length of sequence is accepted, to both ends of each range") {
  for (const auto text :
       {""sv, "a"sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv,
        "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv, "é中🚀"sv}) {
    CHECK_MESSAGE(is_utf8(text), text);
  }
}

TEST_CASE("utf8: overlong forms are refused") {
  for (const auto text : {"\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x9f\xbf"sv, "\xf0\x8f\xbf\xbf"sv})
    CHECK_FALSE(is_utf8(text));
}

TEST_CASE("utf8: surrogates and what lies past U+10FFFF are refused") {
  for (const auto text :
       {"\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xff"sv}) {
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("utf8: a sequence that is cut short, or continues wrongly, is refused wherever it stands") {
  for (const auto text : {"\x80"sv, "\xc3"sv, "\xe4\xb8"sv, "\xf0\x9f\x9a"sv, "\xc3("sv, "\xe4\xb8("sv,
                          "\xf0\x9f\x9a("sv, "fine, then \xe4\xb8"sv, "\xe4\xb8 then fine"sv}) {
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("utf8: control characters are those below space, delete, and U+0080 to U+009F") {
  for (const auto text : {"\0"sv, "a\nb"sv, "\x1f"sv, "\x7f"sv, "\xc2\x80"sv, "\xc2\x9f"sv}) {
    CHECK(has_control_characters(text));
  }
  for (const auto text : {""sv, " ~"sv, "\xc2\xa0"sv, "é中🚀"sv, "\xc3\x80"sv})
    CHECK_FALSE(has_control_characters(text));
}

TEST_CASE("utf8: the first characters of a text never split one") {
  CHECK(first_characters("aé中🚀z", 0) == "");
  CHECK(first_characters("aé中🚀z", 2) == "aé");
  CHECK(first_characters("aé中🚀z", 4) == "aé中🚀");
  CHECK(first_characters("aé中🚀z", 5) == "aé中🚀z");
}

TEST_CASE("utf8: a text shorter than asked for comes whole") {
  CHECK(first_characters("", 3) == "");
  CHECK(first_characters("é", 100) == "é");
}
