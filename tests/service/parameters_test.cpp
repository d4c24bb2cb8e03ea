#include "weir/service/parameters.h"

#include <doctest/doctest.h>

#include "service/refused.h"

using namespace weir::service;

namespace {
constexpr NumberParameter kLimit{"limit", 1, 10};
}

TEST_CASE("parameters: a number in range is read, an absent one is absent") {
  CHECK(number({{"limit", "1"}}, kLimit) == 1);
  CHECK(number({{"limit", "10"}}, kLimit) == 10);
  CHECK(number({}, kLimit) == std::nullopt);
}

TEST_CASE("parameters: what is no whole number in range is refused by its name and told the range") {
  for (const char* value :
       {"", "0", "11", "-1", "abc", "5x", "1.5", " 5", "+5", "99999999999999999999", "0x5"}) {
    CAPTURE(value);
    const Problem problem = refused([&] { number({{"limit", value}}, kLimit); });
    CHECK(problem.status == 400);
    CHECK(problem.field == "limit");
    CHECK(problem.detail == "limit: must be a whole number, 1 to 10");
  }
}

TEST_CASE("parameters: text comes as it is, unless it is not UTF-8") {
  CHECK(text({{"after", "x y"}}, "after") == "x y");
  CHECK(text({}, "after") == std::nullopt);
  CHECK(refused([] { text({{"after", "\xFF"}}, "after"); }).field == "after");
}
