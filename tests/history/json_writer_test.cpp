#include "weir/history/json_writer.h"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

using namespace std::string_view_literals;
using weir::history::JsonWriter;

namespace {

std::string printed(std::string_view text) {
  std::string out;
  JsonWriter(out).string(text);
  return out;
}

}  // namespace

TEST_CASE("json writer: commas and colons stand where they belong") {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("a").integer(1);
  json.key("b")
      .begin_array()
      .null()
      .boolean(true)
      .boolean(false)
      .begin_array()
      .end_array()
      .string("x")
      .end_array();
  json.key("c").begin_object().end_object();
  json.key("d").begin_object().key("e").raw("[1]").key("f").string("").end_object();
  json.end_object();
  CHECK(out == R"({"a":1,"b":[null,true,false,[],"x"],"c":{},"d":{"e":[1],"f":""}})");
}

TEST_CASE("json writer: it appends to what stands there") {
  std::string out = "data: ";
  JsonWriter(out).begin_array().integer(1).end_array();
  CHECK(out == "data: [1]");
}

TEST_CASE("json writer: whole numbers keep all their digits") {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  json.integer(std::numeric_limits<std::int64_t>::min()).integer(0).integer(-1);
  json.unsigned_integer(std::numeric_limits<std::uint64_t>::max());
  json.end_array();
  CHECK(out == "[-9223372036854775808,0,-1,18446744073709551615]");
}

TEST_CASE("json writer: other numbers have as few digits as give them back") {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  json.real(-1e-06).real(0.1).real(3).real(-1.5e300).real(-std::numeric_limits<double>::min());
  json.end_array();
  CHECK(out == "[-1e-06,0.1,3,-1.5e+300,-2.2250738585072014e-308]");
}

TEST_CASE("json writer: quotes, backslashes and control characters are escaped, the rest stands as it is") {
  CHECK(printed("say \"hi\" \\o/") == R"("say \"hi\" \\o/")");
  CHECK(printed("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  CHECK(printed("\0\x01\x1f"sv) == R"("\u0000\u0001\u001f")");
  CHECK(printed("\x7f/é中🚀") == "\"\x7f/é中🚀\"");
  CHECK(printed("") == R"("")");
}

TEST_CASE("json writer: what must be escaped is found wherever it stands in a text of any length") {
  for (const char special : {'"', '\\', '\x01', '\x1f'}) {
    const std::string quoted = printed(std::string(1, special));
    const std::string escape = quoted.substr(1, quoted.size() - 2);
    for (std::size_t size = 1; size < 100; ++size) {
      const std::string plain(size, size % 2 == 0 ? ' ' : '~');
      CHECK(printed(plain) == '"' + plain + '"');
      for (std::size_t at = 0; at < size; ++at) {
        std::string text = plain;
        text[at] = special;
        CHECK(printed(text) == '"' + plain.substr(0, at) + escape + plain.substr(at + 1) + '"');
      }
    }
  }
}

TEST_CASE("json writer: names are escaped as strings are") {
  std::string out;
  JsonWriter(out).begin_object().key("a\"b\n").null().end_object();
  CHECK(out == R"({"a\"b\n":null})");
}

TEST_CASE("json writer: a parser reads every character as it was written") {
  std::string text;
  for (char c = 1; c > 0 && c < 127; ++c) text += c;
  text += std::string("\0\x7f", 2) + "é中🚀";
  CHECK(nlohmann::json::parse(printed(text)).get<std::string>() == text);
}
