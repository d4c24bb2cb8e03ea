#include "weir/history/error.h"

#include <doctest/doctest.h>

#include <set>

using weir::history::Error;
using weir::history::ErrorCode;
using weir::history::invalid;

TEST_CASE("error: every code has a name of its own in snake case") {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInternal); ++code) {
    const std::string_view name = to_string(static_cast<ErrorCode>(code));
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
    names.insert(name);
  }
  CHECK(names.size() == 11);
  CHECK(to_string(ErrorCode::kUnknownOutcome) == "unknown_outcome");
}

TEST_CASE("error: what blames a field has it in front of the message and apart") {
  const Error error = invalid("events[3].type", "is missing");
  CHECK(error.code() == ErrorCode::kInvalidArgument);
  CHECK(error.field() == "events[3].type");
  CHECK(std::string_view(error.what()) == "events[3].type: is missing");
}

TEST_CASE("error: what blames no field has an empty one") {
  CHECK(Error(ErrorCode::kTimeout, "too late").field().empty());
}
