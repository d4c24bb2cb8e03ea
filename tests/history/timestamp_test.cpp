#include "weir/history/timestamp.h"

#include <doctest/doctest.h>

using weir::history::format_timestamp;
using weir::history::parse_timestamp;
using weir::history::Timestamp;

namespace {

/// `text` read and printed again; "none" when it is no timestamp.
std::string normal(std::string_view text) {
  const auto parsed = parse_timestamp(text);
  return parsed ? format_timestamp(*parsed) : "none";
}

}  // namespace

TEST_CASE("timestamp: it is shown in UTC with microseconds") {
  CHECK(format_timestamp(Timestamp{}) == "1970-01-01T00:00:00.000000Z");
  CHECK(format_timestamp(Timestamp{std::chrono::microseconds{-1}}) == "1969-12-31T23:59:59.999999Z");
  CHECK(normal("2026-01-31T08:00:00Z") == "2026-01-31T08:00:00.000000Z");
}

TEST_CASE("timestamp: it is appended to what stands there") {
  std::string out = "at ";
  weir::history::append_timestamp(out, Timestamp{});
  CHECK(out == "at 1970-01-01T00:00:00.000000Z");
}

TEST_CASE("timestamp: any offset is brought to UTC, over the ends of days and years") {
  CHECK(normal("2026-03-02T08:15:04+01:00") == "2026-03-02T07:15:04.000000Z");
  CHECK(normal("2026-12-31T23:30:00-05:30") == "2027-01-01T05:00:00.000000Z");
  CHECK(normal("2026-01-01T00:00:00+23:59") == "2025-12-31T00:01:00.000000Z");
  CHECK(normal("2026-01-01T00:00:00-00:00") == "2026-01-01T00:00:00.000000Z");
}

TEST_CASE("timestamp: digits to the microsecond are kept and those past it dropped") {
  CHECK(normal("2026-01-01T00:00:00.5Z") == "2026-01-01T00:00:00.500000Z");
  CHECK(normal("2026-01-01T00:00:00.000001Z") == "2026-01-01T00:00:00.000001Z");
  CHECK(normal("2026-01-01T00:00:00.1234567899999999999999Z") == "2026-01-01T00:00:00.123456Z");
  CHECK(normal("1969-12-31T23:59:59.9999999Z") == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("timestamp: small letters and a space are accepted, as RFC 3339 has them") {
  CHECK(normal("2026-05-05t05:05:06z") == "2026-05-05T05:05:06.000000Z");
  CHECK(normal("2026-05-05 05:05:06Z") == "2026-05-05T05:05:06.000000Z");
}

TEST_CASE("timestamp: a leap second is the second after it") {
  CHECK(normal("2016-12-31T23:59:60Z") == "2017-01-01T00:00:00.000000Z");
  CHECK(normal("2016-12-31T23:59:61Z") == "none");
}

TEST_CASE("timestamp: days are those of the calendar") {
  CHECK(normal("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00.000000Z");
  CHECK(normal("2000-02-29T00:00:00Z") == "2000-02-29T00:00:00.000000Z");
  for (const auto* text :
       {"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z"}) {
    CHECK_MESSAGE(normal(text) == "none", text);
  }
}

TEST_CASE("timestamp: the years 0000 to 9999 in UTC are held, and no other") {
  CHECK(normal("0000-01-01T00:00:00Z") == "0000-01-01T00:00:00.000000Z");
  CHECK(normal("9999-12-31T23:59:59.999999Z") == "9999-12-31T23:59:59.999999Z");
  CHECK(normal("0000-01-01T00:00:00+00:01") == "none");
  CHECK(normal("9999-12-31T23:59:59-00:01") == "none");
  CHECK(normal("9999-12-31T23:59:60Z") == "none");
}

TEST_CASE("timestamp: what is no RFC 3339 date-time is refused") {
  for (const auto* text : {"",
                           "now",
                           "2026-01-01",
                           "2026-01-01T00:00:00",
                           "2026-01-01T00:00Z",
                           "2026-1-01T00:00:00Z",
                           "26-01-01T00:00:00Z",
                           "2026/01/01T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00,5Z",
                           "2026-01-01T00:00:00+1:00",
                           "2026-01-01T00:00:00+0100",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T00:00:00+00:60",
                           "2026-01-01T00:00:00Z ",
                           " 2026-01-01T00:00:00Z",
                           "2026-01-01T00:00:00ZZ",
                           "+2026-01-01T00:00:00Z",
                           "-026-01-01T00:00:00Z",
                           "2026-01-01T00:00:0\xc3\xa9Z",
                           "1767225600"}) {
    CHECK_MESSAGE(normal(text) == "none", text);
  }
}

TEST_CASE("timestamp: what is shown reads as the same moment") {
  using namespace std::chrono;
  for (std::int64_t micros = -60'000'000'000'000'000; micros < 250'000'000'000'000'000;
       micros += 7'777'777'777'777'777) {
    const Timestamp moment{microseconds{micros}};
    CHECK(parse_timestamp(format_timestamp(moment)) == moment);
  }
}
