#include "weir/repositories/slow_log.h"

#include <doctest/doctest.h>

#include "support/captured_log.h"
#include "support/manual_clock.h"

using namespace weir::repositories;
using namespace weir::testing;
using namespace std::chrono_literals;

namespace {

struct SlowRig {
  ManualClock clock;
  CapturedLog log;
  SlowLog slow{{.operation = Seconds(1.0), .hold = Seconds(0.5)}, clock};
  TimedCall timed{Call{Operation::kAddEvent, clock.now(), clock.now() + 30s}};
};

}  // namespace

TEST_CASE("slow log: a call is told from its threshold on, with where its time went") {
  SlowRig rig;
  rig.timed.times = {
      .is_begun = true, .waited = 600ms, .held = 400ms, .commit = 300ms, .rows = 3, .batch = 2};
  rig.slow.operation_ended(rig.timed.call, Outcome::kOk, 999ms);
  CHECK(rig.log.lines().empty());
  rig.slow.operation_ended(rig.timed.call, Outcome::kOk, 1s);
  CHECK(rig.log.lines() ==
        std::vector<std::string>{
            "warning: slow operation: add_event ok took 1.000 s: wait 0.600 s, hold 0.400 s, commit"
            " 0.300 s, rows 3, batch 2"});
}

TEST_CASE("slow log: a call that never got what it waited for has waited all its time") {
  SlowRig rig;
  rig.slow.operation_ended(rig.timed.call, Outcome::kTimeout, 30s);
  CHECK(rig.log.lines().front() ==
        "warning: slow operation: add_event timeout took 30.000 s: wait 30.000 s, hold 0.000 s");
}

TEST_CASE("slow log: who held a reader for long is told, though it was not slow") {
  SlowRig rig;
  rig.timed.times = {.is_begun = true, .waited = 1ms, .held = 500ms};
  rig.slow.operation_ended(rig.timed.call, Outcome::kOk, 501ms);
  CHECK(rig.log.lines().front().starts_with("warning: long hold: add_event ok took 0.501 s"));
}

TEST_CASE("slow log: the ticket's hold is told when it ends, unless it was never taken") {
  SlowRig rig;
  {
    const TicketTimer never(rig.slow, rig.timed.call, rig.clock);
    rig.clock.advance(1s);
  }
  CHECK(rig.log.lines().empty());
  {
    TicketTimer timer(rig.slow, rig.timed.call, rig.clock);
    timer.begin();
    rig.clock.advance(700ms);
  }
  CHECK(rig.log.lines() ==
        std::vector<std::string>{"warning: long hold: add_event had the write ticket: wait 1.000 s,"
                                 " hold 0.700 s"});
}

TEST_CASE("slow log: of many lines ten are written, and how many were not is said later") {
  SlowRig rig;
  for (int i = 0; i < 25; ++i) rig.slow.operation_ended(rig.timed.call, Outcome::kOk, 2s);
  CHECK(rig.log.lines().size() == 10);
  rig.clock.advance(10s);
  rig.slow.operation_ended(rig.timed.call, Outcome::kOk, 2s);
  CHECK(rig.log.lines().size() == 12);
  CHECK(rig.log.lines()[10] == "warning: 15 more lines about what took long were left out");
}

TEST_CASE("slow log: nothing is said of a call whose times nobody keeps") {
  SlowRig rig;
  rig.slow.operation_ended({Operation::kAddEvent, {}, {}}, Outcome::kOk, 2s);
  CHECK(rig.log.lines().empty());
}
