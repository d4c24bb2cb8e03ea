// How the reference service's columns are read and written.

#include <doctest/doctest.h>

#include "weir/repositories/sqlite/reference_kept.h"
#include "weir/repositories/sqlite/reference_spelling.h"

using namespace weir::repositories::sqlite;
using weir::history::Content;
using weir::history::Field;
using weir::history::format_timestamp;
using Zone = ReferenceTime::Zone;

TEST_CASE("reference times: with and without zone, fraction and seconds") {
  struct Example {
    const char* text;
    const char* utc;
    Zone zone;
    bool is_exact;
  };
  for (const Example& example : {
           Example{"2026-01-31T08:00:00+00:00", "2026-01-31T08:00:00.000000Z", Zone::kUtc, true},
           Example{"2026-01-31T08:00:00", "2026-01-31T08:00:00.000000Z", Zone::kNone, true},
           Example{"2026-01-31 08:00:00.5", "2026-01-31T08:00:00.500000Z", Zone::kNone, true},
           Example{"2026-01-31T08:00:00,25Z", "2026-01-31T08:00:00.250000Z", Zone::kUtc, true},
           Example{"2026-01-31T08:00:00.123456000", "2026-01-31T08:00:00.123456Z", Zone::kNone, true},
           Example{"2026-01-31T08:00:00.1234567Z", "2026-01-31T08:00:00.123456Z", Zone::kUtc, false},
           Example{"2026-01-31T08:00:60Z", "2026-01-31T08:01:00.000000Z", Zone::kUtc, false},
           Example{"2026-01-31T08:00-0130", "2026-01-31T09:30:00.000000Z", Zone::kOther, true},
           Example{"2026-01-31T08:00:00+02", "2026-01-31T06:00:00.000000Z", Zone::kOther, true},
           Example{"2026-01-31", "2026-01-31T00:00:00.000000Z", Zone::kNone, true},
       }) {
    CAPTURE(example.text);
    const auto time = parse_reference_time(example.text);
    REQUIRE(time);
    CHECK(format_timestamp(time->at) == example.utc);
    CHECK(time->zone == example.zone);
    CHECK(time->is_exact == example.is_exact);
  }
}

TEST_CASE("reference times: what is none is none") {
  for (const char* text : {"", "now", "1769846400", "2026-01-31X08:00:00", "2026-02-30T08:00:00",
                           "2026-01-31T", "2026-01-31T08", "2026-01-31T25:00:00", "2026-01-31T08:00:00+",
                           "2026-01-31T08:00:00+02:00:00", "2026-01-31T08:00:00 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_reference_time(text));
  }
}

TEST_CASE("reference times: printed as isoformat() prints them") {
  const auto print = [](const char* text) { return reference_time(parse_reference_time(text)->at); };
  CHECK(print("2026-01-31T08:00:00Z") == "2026-01-31T08:00:00+00:00");
  CHECK(print("2026-01-31T08:00:00.5Z") == "2026-01-31T08:00:00.500000+00:00");
}

TEST_CASE("reference JSON: spelled as json.dumps() spells it") {
  CHECK(reference_json(R"({"a":[1,2.50,{}],"b:,\"":"é😀\\"})") ==
        R"({"a": [1, 2.50, {}], "b:,\"": "\u00e9\ud83d\ude00\\"})");
}

TEST_CASE("reference JSON: what an event cannot hold is none") {
  CHECK(parse_reference_json(" { \"a\" : 1.50 } ")->text() == R"({"a":1.50})");
  for (const std::string& text : {std::string(), std::string("1,2"), std::string("1],[2"), std::string("{"),
                                  std::string("\"\xFF\""), std::string(64, '[') + std::string(64, ']')}) {
    CHECK_FALSE(parse_reference_json(text));
  }
  CHECK(parse_reference_json(std::string(63, '[') + std::string(63, ']')));
}

TEST_CASE("kept columns: every kind of value comes back, with what stood in the extra before") {
  KeptColumns kept;
  kept[Field::kId] = ReferenceValue();
  kept[Field::kType] = std::int64_t{-5};
  kept[Field::kRole] = 0.1;
  kept[Field::kContent] = std::string("a \"reference_row\":{} \n");
  kept[Field::kModel] = std::string("\xFF");
  kept[Field::kExtra] = ReferenceBlob{std::string("\0\x01", 2)};
  for (const char* extra : {"{}", R"({"a":{"reference_row":{"id":"x"}}})", R"({"reference_row":1})"}) {
    CAPTURE(extra);
    const KeptExtra taken = take_kept(with_kept(extra, kept));
    CHECK(taken.rest == extra);
    for (std::size_t i = 0; i < weir::history::kFieldCount; ++i) {
      CHECK(taken.columns[static_cast<Field>(i)] == kept[static_cast<Field>(i)]);
    }
  }
}

TEST_CASE("kept columns: what only looks like them is the application's own") {
  for (const char* extra :
       {R"({"reference_row":{}})", R"({"reference_row":{"id":true}})", R"({"reference_row":{"other":"x"}})",
        R"({"reference_row":{"id":"x"},"b":1})", R"({"a":{"reference_row":{"id":"x"}}})",
        R"({"reference_row":{"id":{"blob":"0"}}})", R"({"reference_row":{"id":{"blob":"zz"}}})",
        R"({"reference_row":{"id":18446744073709551615}})"}) {
    CAPTURE(extra);
    CHECK(take_kept(extra).columns.empty());
    CHECK(take_kept(extra).rest == extra);
  }
}

TEST_CASE("content marks: of two the last is taken") {
  const std::string marked = with_mark(with_mark("{}", Content::Form::kText), Content::Form::kParts);
  CHECK(take_mark(marked).form == Content::Form::kParts);
  CHECK(take_mark(take_mark(marked).rest).form == Content::Form::kText);
  CHECK_FALSE(take_mark(R"({"weir_content":"else"})").form);
}
