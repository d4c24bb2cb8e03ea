#include "weir/benchmark/child.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <stdexcept>

#include "benchmark/in_child.h"

using weir::benchmark::Measurement;
using weir::benchmark::run_in_child;
using weir::testing::holds_in_child;

TEST_CASE("child: what it measured arrives") {
  const Measurement measured = run_in_child([] { return Measurement{1.5, 2, 3, 4, 5, 6}; });
  CHECK(measured.ops_per_s == 1.5);
  CHECK(measured.p50_us == 2);
  CHECK(measured.p99_us == 3);
  CHECK(measured.p999_us == 4);
  CHECK(measured.max_us == 5);
  CHECK(measured.errors == 6);
}

TEST_CASE("child: it is another process, and leaves this one's memory alone") {
  const pid_t own = ::getpid();
  int touched = 0;
  CHECK(holds_in_child([&] { return ::getpid() != own && ++touched == 1; }));
  CHECK(touched == 0);
}

TEST_CASE("child: one that fails or ends early is told") {
  CHECK_THROWS_AS(run_in_child([]() -> Measurement { throw std::runtime_error("meant to fail"); }),
                  std::runtime_error);
  CHECK_THROWS_AS(run_in_child([]() -> Measurement { std::_Exit(0); }), std::runtime_error);
}
