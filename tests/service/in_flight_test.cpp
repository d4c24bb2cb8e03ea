#include "weir/service/in_flight.h"

#include <doctest/doctest.h>

#include <optional>

using namespace weir::service;

TEST_CASE("in flight: with nothing in flight a drain ends at once") {
  InFlight all;
  int ends = 0;
  all.drain([&ends] { ++ends; });
  CHECK(ends == 1);
  CHECK(all.phase() == Phase::kDraining);
}

TEST_CASE("in flight: a drain ends with the last request, and once") {
  InFlight all;
  int ends = 0;
  {
    const InFlight::Flight first = all.begin();
    {
      const InFlight::Flight second = all.begin();
      all.drain([&ends] { ++ends; });
      CHECK(all.count() == 2);
    }
    CHECK(ends == 0);
  }
  CHECK(ends == 1);
  { const InFlight::Flight late = all.begin(); }
  CHECK(ends == 1);
}

TEST_CASE("in flight: a second drain changes nothing") {
  InFlight all;
  int ends = 0;
  std::optional<int> second;
  {
    const InFlight::Flight flight = all.begin();
    all.drain([&ends] { ++ends; });
    all.drain([&second] { second = 1; });
  }
  CHECK(ends == 1);
  CHECK_FALSE(second);
}
