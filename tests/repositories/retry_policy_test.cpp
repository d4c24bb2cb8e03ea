#include "weir/repositories/retry_policy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <vector>

#include "repositories/calls.h"
#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/manual_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::history::Error;
using weir::history::ErrorCode;
using weir::repositories::Duration;
using weir::repositories::LockedError;
using weir::repositories::Operation;
using weir::repositories::RetryOptions;
using weir::repositories::RetryPolicy;
using weir::testing::call_now;
using weir::testing::CapturedLog;
using weir::testing::CountingObserver;
using weir::testing::failure_of;
using weir::testing::ManualClock;
using weir::testing::Sleeping;

/// Calls through a policy; its sleeps take no real time.
struct Retries {
  explicit Retries(const RetryOptions& options, std::uint64_t seed = 1)
      : policy(options, seed, clock, observer) {}

  /// Makes `locked` attempts that meet a lock before one that does not.
  std::string run(int locked, Duration patience = 1h) {
    return failure_of([&] {
      policy.run(call_now(clock, patience, Operation::kAddEvent), [&, left = locked]() mutable {
        ++attempts;
        if (left-- > 0) throw LockedError("database is locked");
      });
    });
  }

  ManualClock clock{Sleeping::kAdvances};
  CountingObserver observer;
  RetryPolicy policy;
  int attempts = 0;
  CapturedLog log;
};

constexpr int kAlways = 1'000;

}  // namespace

TEST_CASE("retry: without jitter it waits 50, 100, 200, 400 and 800 ms, then gives up with the lock error") {
  Retries retries({.max_retries = 5, .jitter = 0});
  CHECK(retries.run(kAlways) == "unavailable: database is locked");
  CHECK(retries.clock.sleeps() == std::vector<Duration>{50ms, 100ms, 200ms, 400ms, 800ms});
  CHECK(retries.attempts == 6);
  CHECK(retries.observer.retried == 5);
}

TEST_CASE("retry: it goes on from where an attempt succeeds, and a first success waits for nothing") {
  Retries retries({.jitter = 0});
  CHECK(retries.run(0) == "no error");
  CHECK(retries.clock.sleeps().empty());
  CHECK(retries.run(2) == "no error");
  CHECK(retries.clock.sleeps() == std::vector<Duration>{50ms, 100ms});
  CHECK(retries.observer.retried == 2);
}

TEST_CASE("retry: with no retries allowed the first lock error is the last") {
  Retries retries({.max_retries = 0});
  CHECK(retries.run(1) == "unavailable: database is locked");
  CHECK(retries.attempts == 1);
  CHECK(retries.clock.sleeps().empty());
}

TEST_CASE("retry: jitter adds up to its share to each wait, spread evenly, and differs from seed to seed") {
  constexpr int kSamples = 5'000;
  Retries retries({.max_retries = 1, .jitter = 0.3});
  for (int i = 0; i < kSamples; ++i) CHECK(retries.run(1) == "no error");
  std::vector<int> tenths(10);
  for (const Duration sleep : retries.clock.sleeps()) {
    REQUIRE(sleep >= 50ms);
    REQUIRE(sleep < 65ms);
    ++tenths[static_cast<std::size_t>((sleep - 50ms) / 1500us)];
  }
  for (const int hits : tenths) CHECK(std::abs(hits - kSamples / 10) < kSamples / 40);

  Retries other_seed({.max_retries = 1, .jitter = 0.3}, 2);
  CHECK(other_seed.run(1) == "no error");
  CHECK(other_seed.clock.sleeps().front() != retries.clock.sleeps().front());
}

TEST_CASE("retry: jitter is a share of each wait, the doubled ones too") {
  Retries retries({.max_retries = 5, .jitter = 1.0});
  (void)retries.run(kAlways);
  const auto sleeps = retries.clock.sleeps();
  REQUIRE(sleeps.size() == 5);
  for (std::size_t i = 0; i < sleeps.size(); ++i) {
    CHECK(sleeps[i] >= 50ms * (1 << i));
    CHECK(sleeps[i] <= 100ms * (1 << i));
  }
}

TEST_CASE("retry: a wait that would reach the deadline is not begun, and the timeout names the lock") {
  Retries retries({.jitter = 0});
  CHECK(retries.run(kAlways, 350ms) ==
        "timeout: add_event met a lock and its deadline passed before retry 3: database is locked");
  CHECK(retries.clock.sleeps() == std::vector<Duration>{50ms, 100ms});
  CHECK(retries.run(kAlways, 350ms + 1ns) ==
        "timeout: add_event met a lock and its deadline passed before retry 4: database is locked");
}

TEST_CASE("retry: the time that attempts take counts towards the deadline") {
  Retries retries({.jitter = 0});
  const auto outcome = failure_of([&] {
    retries.policy.run(call_now(retries.clock, 1s), [&] {
      retries.clock.advance(950ms);
      throw LockedError("database is locked");
    });
  });
  CHECK(outcome.starts_with("timeout: events met a lock"));
  CHECK(retries.clock.sleeps().empty());
}

TEST_CASE("retry: a delay beyond what the clock can count ends at the deadline, not before now") {
  Retries retries({.max_retries = 2'000, .base_delay = weir::repositories::Seconds{1e300}, .jitter = 0});
  CHECK(retries.run(kAlways).starts_with("timeout:"));
}

TEST_CASE("retry: no other error is retried, not even one with the same code") {
  Retries retries({});
  int attempts = 0;
  const auto throwing = [&](const auto& error) {
    retries.policy.run(call_now(retries.clock), [&] {
      ++attempts;
      throw error;
    });
  };
  CHECK(failure_of([&] { throwing(Error(ErrorCode::kUnavailable, "disk I/O error")); }) ==
        "unavailable: disk I/O error");
  CHECK_THROWS_AS(throwing(std::runtime_error("other")), std::runtime_error);
  CHECK(attempts == 2);
  CHECK(retries.observer.retried == 0);
  CHECK(retries.log.lines().empty());
}

TEST_CASE("retry: each retry is a warning in the log, and the last failure an error") {
  Retries retries({.max_retries = 2, .jitter = 0});
  (void)retries.run(kAlways);
  CHECK(retries.log.lines() == std::vector<std::string>{
                                   "warning: add_event: retry 1 of 2: database is locked",
                                   "warning: add_event: retry 2 of 2: database is locked",
                                   "error: add_event: gave up after 2 retries: database is locked",
                               });
}

TEST_CASE("retry: giving up for the deadline is an error in the log") {
  Retries retries({.jitter = 0});
  (void)retries.run(kAlways, 10ms);
  CHECK(retries.log.lines() ==
        std::vector<std::string>{"error: add_event: the deadline passed before retry 1: database is locked"});
}

TEST_CASE("retry: one policy serves many threads") {
  Retries retries({.max_retries = 3, .jitter = 0.3});
  weir::testing::run_at_once(8, [&](std::size_t) {
    for (int i = 0; i < 50; ++i) {
      int left = 3;
      retries.policy.run(call_now(retries.clock, std::chrono::hours{1'000}), [&] {
        if (left-- > 0) throw LockedError("database is locked");
      });
    }
  });
  CHECK(retries.observer.retried == 8 * 50 * 3);
}
