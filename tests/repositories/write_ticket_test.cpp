#include "weir/repositories/write_ticket.h"

#include <doctest/doctest.h>

#include <numeric>
#include <optional>
#include <vector>

#include "repositories/calls.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::FileId;
using weir::repositories::Operation;
using weir::repositories::SystemClock;
using weir::repositories::write_ticket_of;
using weir::repositories::WriteTicket;
using weir::testing::call_now;
using weir::testing::failure_of;
using weir::testing::ManualClock;
using weir::testing::run_at_once;
using weir::testing::spin_until;
using weir::testing::Threads;

}  // namespace

TEST_CASE(
    "write ticket: one file has one ticket in the process, whatever it is called, and another file another") {
  SystemClock clock;
  const auto ticket = write_ticket_of(FileId{1, 7}, "history.db", clock);
  CHECK(write_ticket_of(FileId{1, 7}, "./history.db", clock) == ticket);
  CHECK(write_ticket_of(FileId{1, 8}, "history.db", clock) != ticket);
  CHECK(write_ticket_of(FileId{2, 7}, "history.db", clock) != ticket);
}

TEST_CASE("write ticket: it is gone when the last repository on its file is, and not before") {
  SystemClock clock;
  auto first = write_ticket_of(FileId{1, 9}, "history.db", clock);
  auto second = write_ticket_of(FileId{1, 9}, "history.db", clock);
  const std::weak_ptr<WriteTicket> watched = first;
  first.reset();
  CHECK(write_ticket_of(FileId{1, 9}, "history.db", clock) == second);
  second.reset();
  CHECK(watched.expired());
  CHECK(write_ticket_of(FileId{1, 9}, "history.db", clock) != nullptr);
}

TEST_CASE("write ticket: repositories that open at the same moment get the same ticket") {
  SystemClock clock;
  std::vector<std::shared_ptr<WriteTicket>> tickets(8);
  run_at_once(tickets.size(), [&](std::size_t i) {
    tickets[i] = write_ticket_of(FileId{1, 10}, "history.db", clock);
  });
  for (const auto& ticket : tickets) CHECK(ticket == tickets.front());
}

TEST_CASE("write ticket: a timeout names the holder and for how long it has held it") {
  ManualClock clock;
  WriteTicket ticket("history.db", clock);
  const auto hold = ticket.take(call_now(clock, 1h, Operation::kAnalyze), 0);
  const auto call = call_now(clock, 2s, Operation::kAddEvent);
  clock.advance(2s);
  CHECK(failure_of([&] { (void)ticket.take(call, 1); }) ==
        "timeout: the write ticket of history.db: add_event waited 2000 ms in place 1 and timed out; "
        "max 1, idle 0, in use 1, failed 0, waiting 1; held by: analyze for 2000 ms");
}

TEST_CASE("write ticket: a hold that is moved passes the ticket on once, when the last of it ends") {
  ManualClock clock;
  WriteTicket ticket("history.db", clock);
  {
    auto first = ticket.take(call_now(clock), 0);
    const auto second = std::move(first);
    CHECK(failure_of([&] { (void)ticket.take(call_now(clock), 0); }).starts_with("overloaded:"));
  }
  CHECK(failure_of([&] { (void)ticket.take(call_now(clock), 0); }) == "no error");
}

// main       holds the ticket ............... passes it on
// thread i          waits, once i others do                is granted it, notes i, passes it on to i + 1
TEST_CASE("write ticket: it goes round in order of arrival") {
  SystemClock clock;
  WriteTicket ticket("history.db", clock);
  std::vector<std::size_t> served;  // guarded by the ticket
  Threads threads;
  std::optional<WriteTicket::Hold> hold(ticket.take(call_now(clock), 0));
  for (std::size_t i = 0; i < 100; ++i) {
    threads.start([&, i] {
      const auto own = ticket.take(call_now(clock), 1'000);
      served.push_back(i);
    });
    spin_until([&] { return ticket.waiters() == i + 1; });
  }
  hold.reset();
  threads.join();
  std::vector<std::size_t> expected(100);
  std::iota(expected.begin(), expected.end(), std::size_t{0});
  CHECK(served == expected);
}

// All sixteen change the same plain variables, which only the ticket keeps apart.
TEST_CASE("write ticket: sixteen threads that take it ten thousand times each never hold it together") {
  SystemClock clock;
  const auto ticket = write_ticket_of(FileId{1, 11}, "history.db", clock);
  int inside = 0;
  int overlaps = 0;
  std::size_t turns = 0;
  run_at_once(16, [&](std::size_t) {
    for (int i = 0; i < 10'000; ++i) {
      const auto hold = ticket->take(call_now(clock), 16);
      if (++inside != 1) ++overlaps;
      ++turns;
      --inside;
    }
  });
  CHECK(turns == 160'000);
  CHECK(overlaps == 0);
}
