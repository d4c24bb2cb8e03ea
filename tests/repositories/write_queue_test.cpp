#include "weir/repositories/write_queue.h"

#include <doctest/doctest.h>

#include <functional>
#include <list>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "repositories/calls.h"
#include "repositories/exact_clock.h"
#include "repositories/gated_clock.h"
#include "support/threads.h"

namespace {

using namespace std::chrono_literals;
using weir::history::Error;
using weir::history::ErrorCode;
using weir::repositories::Call;
using weir::repositories::Duration;
using weir::repositories::Operation;
using weir::repositories::TimePoint;
using weir::repositories::WriteGroupOptions;
using weir::repositories::WriteQueue;
using weir::testing::call_now;
using weir::testing::ExactClock;
using weir::testing::failure_of;
using weir::testing::GatedClock;
using weir::testing::spin_until;
using weir::testing::Threads;

using Group = WriteQueue::Group;
using Names = std::vector<std::string>;

constexpr std::size_t kMany = 100;

std::exception_ptr error_that(ErrorCode code, const std::string& what) {
  return std::make_exception_ptr(Error(code, what));
}

/// A write with a name; `turn` is what happens when it is run, on its leader's thread.
struct Job : WriteQueue::Member {
  using Turn = std::function<void(Group&, Job&)>;

  Job(const Call& its_call, std::size_t its_bytes, std::string its_name, Turn its_turn)
      : Member(its_call, its_bytes), name(std::move(its_name)), turn(std::move(its_turn)) {}

  const std::string name;
  const Turn turn;
};

/// A queue of jobs, and what became of them.
///
/// Most tests let the test's own thread lead: what its job does when it is run is the timeline.
template <class Clock>
class Rig {
 public:
  struct Wish {
    Job::Turn turn{};
    std::size_t bytes = 1;
    Duration patience = 1h;
    std::size_t max_waiters = kMany;
    std::optional<TimePoint> arrived{};
  };

  explicit Rig(const WriteGroupOptions& options = {})
      : queue("the write queue", options, clock, [this](Group& group) { run(group); }) {}

  /// A call of this thread. Each arrives a little later than the one before.
  std::string submit(const std::string& name, const Wish& wish = {}) {
    clock.advance(1us);
    return submit(name, wish, wish.arrived.value_or(clock.now()));
  }

  /// A call of another thread, which stands in line when this returns.
  void line_up(const std::string& name, const Wish& wish = {}) {
    const std::size_t already = queue.waiters();
    clock.advance(1us);
    threads_.start([this, name, wish, arrived = wish.arrived.value_or(clock.now())] {
      const std::string outcome = submit(name, wish, arrived);
      const std::lock_guard lock(mutex_);
      outcomes_[name] = outcome;
    });
    spin_until([&] { return queue.waiters() == already + 1; });
  }

  /// How the call did that line_up() began: `code: message`, or "no error"; empty while it has not ended.
  std::string outcome(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = outcomes_.find(name);
    return found == outcomes_.end() ? "" : found->second;
  }
  void wait_for(const std::string& name) {
    spin_until([&] { return !outcome(name).empty(); });
  }

  void join() { threads_.join(); }

  Clock clock;
  WriteQueue queue;
  std::function<void()> before_group;   ///< the leader obtains the right to write
  std::function<void()> before_commit;  ///< nobody else is taken any more

  // Used by whoever leads, and by the test once all calls have ended.
  std::vector<Names> groups;  ///< who was taken, in order
  std::vector<std::size_t> committed;
  std::vector<std::thread::id> leaders;

 private:
  std::string submit(const std::string& name, const Wish& wish, TimePoint arrived) {
    const Call call{Operation::kAddEvent, arrived, clock.now() + wish.patience};
    Job job(call, wish.bytes, name, wish.turn);
    return failure_of([&] { queue.submit(job, wish.max_waiters); });
  }

  void run(Group& group) {
    groups.emplace_back();
    leaders.push_back(std::this_thread::get_id());
    if (before_group) before_group();
    while (WriteQueue::Member* member = group.next()) {
      Job& job = static_cast<Job&>(*member);
      groups.back().push_back(job.name);
      if (job.turn) job.turn(group, job);
    }
    if (before_commit) before_commit();
    committed.push_back(group.size());
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> outcomes_;  // guarded by mutex_
  Threads threads_;
};

using ExactRig = Rig<ExactClock>;

/// Who leads lines these up behind itself.
Job::Turn lines_up(ExactRig& rig, const Names& names) {
  return [&rig, names](Group&, Job&) {
    for (const std::string& name : names) rig.line_up(name);
  };
}

}  // namespace

TEST_CASE("write queue: a caller who finds nobody in line runs at once, alone, on its own thread") {
  ExactRig rig;
  for (int i = 0; i < 2; ++i) CHECK(rig.submit("a", {.max_waiters = 0}) == "no error");
  CHECK(rig.groups == std::vector<Names>{{"a"}, {"a"}});
  CHECK(rig.committed == std::vector<std::size_t>{1, 1});
  CHECK(rig.leaders == std::vector<std::thread::id>(2, std::this_thread::get_id()));
}

// a         leads, is run ........ takes b, c, d in order, commits
// b, c, d           arrive, wait                                   are told
TEST_CASE("write queue: who waits while a leader runs is taken into its group, in order of arrival") {
  ExactRig rig;
  CHECK(rig.submit("a", {.turn = lines_up(rig, {"b", "c", "d"})}) == "no error");
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a", "b", "c", "d"}});
  CHECK(rig.committed == std::vector<std::size_t>{4});
  for (const char* name : {"b", "c", "d"}) CHECK(rig.outcome(name) == "no error");
}

// a   leads ........ runs b ............ takes c as well, commits
// b         waits
// c                          arrives
TEST_CASE("write queue: who arrives while a group runs is still taken into it") {
  ExactRig rig;
  rig.submit("a", {.turn = [&](Group&, Job&) { rig.line_up("b", {.turn = lines_up(rig, {"c"})}); }});
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a", "b", "c"}});
}

// a   leads, finds nobody else .......... commits
// b                              arrives           leads, on its own thread
// c                              arrives                 is taken by b
TEST_CASE("write queue: the leader that leaves wakes the first in line, which leads all who came too late") {
  ExactRig rig;
  rig.before_commit = [&] {
    rig.before_commit = nullptr;
    rig.line_up("b");
    rig.line_up("c");
  };
  rig.submit("a");
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a"}, {"b", "c"}});
  CHECK(rig.leaders.at(1) != rig.leaders.at(0));
  CHECK(rig.outcome("c") == "no error");
}

TEST_CASE("write queue: a group has no more members than it may, and the rest forms groups of its own") {
  ExactRig rig({.max_members = 2});
  rig.submit("a", {.turn = lines_up(rig, {"b", "c", "d", "e"})});
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a", "b"}, {"c", "d"}, {"e"}});
}

TEST_CASE("write queue: a group may reach its bytes and not pass them, and nobody is taken out of turn") {
  ExactRig rig({.max_bytes = 100});
  rig.submit("a", {.turn =
                       [&](Group&, Job&) {
                         rig.line_up("fills", {.bytes = 60});
                         rig.line_up("adds nothing", {.bytes = 0});
                         rig.line_up("too much", {.bytes = 100});
                         rig.line_up("small", {.bytes = 1});
                       },
                   .bytes = 40});
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a", "fills"}, {"adds nothing", "too much"}, {"small"}});
}

// small      leads ......................
// huge              waits                  leads alone
// another                   waits                      leads
TEST_CASE("write queue: a huge write goes alone, and one behind it waits for that one only") {
  for (const std::size_t huge : {std::size_t{101}, WriteQueue::Member::kAlone}) {
    CAPTURE(huge);
    ExactRig rig({.max_bytes = 100});
    rig.submit("small", {.turn = [&](Group&, Job&) {
                 rig.line_up("huge", {.bytes = huge});
                 rig.line_up("as huge", {.bytes = huge});
                 rig.line_up("another", {.bytes = 0});
                 rig.line_up("and one more");
               }});
    rig.join();
    CHECK(rig.groups == std::vector<Names>{{"small"}, {"huge"}, {"as huge"}, {"another", "and one more"}});
  }
}

// a       obtains the right for an hour, is run ......... runs b for 10 ms     commits
// b, c                                           wait                          c leads
TEST_CASE("write queue: a group that has run for its time takes nobody else; waiting for the right is free") {
  constexpr Duration kLinedUp = 2us;  // two arrive, each a little later
  for (const Duration total : {Duration{10ms - 1ns}, Duration{10ms}}) {
    CAPTURE(total.count());
    ExactRig rig({.max_time = 10ms});
    rig.before_group = [&] { rig.clock.advance(1min); };
    rig.submit("a", {.turn = [&](Group&, Job&) {
                 rig.line_up("b", {.turn = [&](Group&, Job&) { rig.clock.advance(total - kLinedUp); }});
                 rig.line_up("c");
               }});
    rig.join();
    CHECK(rig.groups ==
          (total < 10ms ? std::vector<Names>{{"a", "b", "c"}} : std::vector<Names>{{"a", "b"}, {"c"}}));
  }
}

// a   leads ........ runs b: it fails .......... runs c until b has been told, commits
// b         waits                       is told
// c         waits                                                               is told
TEST_CASE("write queue: a member that fails is told at once, and the others are committed") {
  ExactRig rig;
  rig.submit("a", {.turn = [&](Group&, Job&) {
               rig.line_up("b", {.turn = [](Group& group, Job& job) {
                             group.fail(job, error_that(ErrorCode::kConflict, "b's own"));
                           }});
               rig.line_up("c", {.turn = [&](Group&, Job&) { rig.wait_for("b"); }});
             }});
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a", "b", "c"}});
  CHECK(rig.committed == std::vector<std::size_t>{2});
  CHECK(rig.outcome("b") == "conflict: b's own");
  CHECK(rig.outcome("c") == "no error");
}

TEST_CASE("write queue: a leader that fails by itself still runs and commits the others, and is told then") {
  ExactRig rig;
  CHECK(rig.submit("a", {.turn = [&](Group& group, Job& job) {
                     rig.line_up("b");
                     group.fail(job, error_that(ErrorCode::kConflict, "a's own"));
                   }}) == "conflict: a's own");
  rig.join();
  CHECK(rig.committed == std::vector<std::size_t>{1});
  CHECK(rig.outcome("b") == "no error");
}

// a   leads ............ runs b: all is lost
// b         waits                             is told
// c         waits, outside of the group                leads
TEST_CASE("write queue: what the run throws is the outcome of everybody in the group and of nobody else") {
  ExactRig rig({.max_members = 3});
  CHECK(rig.submit("a", {.turn = [&](Group&, Job&) {
                     rig.line_up("failed", {.turn = [](Group& group, Job& job) {
                                   group.fail(job, error_that(ErrorCode::kConflict, "its own"));
                                 }});
                     rig.line_up("b", {.turn = [](Group&, Job&) {
                                   throw Error(ErrorCode::kUnknownOutcome, "COMMIT");
                                 }});
                     rig.line_up("c");
                   }}) == "unknown_outcome: COMMIT");
  rig.join();
  CHECK(rig.outcome("failed") == "conflict: its own");
  CHECK(rig.outcome("b") == "unknown_outcome: COMMIT");
  CHECK(rig.outcome("c") == "no error");
  CHECK(rig.groups == std::vector<Names>{{"a", "failed", "b"}, {"c"}});
}

// a   leads, cannot obtain the right ......... is told
// b                                   waits            leads
// c                                   waits                  is taken by b
TEST_CASE("write queue: a leader that cannot obtain the right to write fails alone, and the next one leads") {
  ExactRig rig;
  rig.before_group = [&] {
    rig.before_group = nullptr;
    rig.line_up("b");
    rig.line_up("c");
    throw Error(ErrorCode::kTimeout, "no ticket");
  };
  CHECK(rig.submit("a") == "timeout: no ticket");
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{}, {"b", "c"}});
  CHECK(rig.outcome("b") == "no error");
  CHECK(rig.outcome("c") == "no error");
}

// a   leads ........... runs c: it loses the transaction       leads again, runs b, d and e
// b         waits                                        waits
// c         waits                                        is told
// d         waits
// e                               arrives
TEST_CASE("write queue: those who are put back stand in their old places, and are run again") {
  ExactRig rig({.max_members = 3});
  CHECK(rig.submit("a", {.turn = [&](Group&, Job&) {
                     if (rig.groups.size() > 1) return;
                     rig.line_up("b");
                     rig.line_up("c", {.turn = [&](Group& group, Job& job) {
                                   rig.line_up("e");
                                   group.put_back_others(job);
                                   throw Error(ErrorCode::kTimeout, "interrupted");
                                 }});
                     rig.line_up("d");
                   }}) == "no error");
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a", "b", "c"}, {"a", "b", "d"}, {"e"}});
  CHECK(rig.outcome("c") == "timeout: interrupted");
  for (const char* name : {"b", "d", "e"}) CHECK(rig.outcome(name) == "no error");
}

TEST_CASE("write queue: a leader that loses the transaction itself hears of it, and the next one leads") {
  ExactRig rig;
  CHECK(rig.submit("a", {.turn = [&](Group& group, Job& job) {
                     rig.line_up("b");
                     group.put_back_others(job);
                     throw Error(ErrorCode::kUnavailable, "disk");
                   }}) == "unavailable: disk");
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a"}, {"b"}});
  CHECK(rig.outcome("b") == "no error");
}

// a       leads .......... 20 ms pass, runs d: it loses the transaction     leads again, waits for c's
// outcome b               waits c               waits for 10 ms, is taken                             waits,
// times out d               waits
TEST_CASE(
    "write queue: who is put back and whose deadline has passed times out, though it is not the first") {
  ExactRig rig;
  CHECK(rig.submit("a", {.turn = [&](Group&, Job&) {
                     if (rig.groups.size() > 1) return rig.wait_for("c");
                     rig.line_up("b");
                     rig.line_up("c", {.patience = 10ms});
                     rig.line_up("d", {.turn = [&](Group& group, Job& job) {
                                   rig.clock.advance(20ms);
                                   spin_until([&] { return rig.clock.latest_wait() == TimePoint::max(); });
                                   group.put_back_others(job);
                                   throw Error(ErrorCode::kUnavailable, "disk");
                                 }});
                   }}) == "no error");
  rig.join();
  CHECK(rig.outcome("c").starts_with("timeout: the write queue: add_event waited 20 ms in place"));
  CHECK(rig.groups == std::vector<Names>{{"a", "b", "c", "d"}, {"a", "b"}});
}

// a   leads for 300 ms ............................ commits
// b            waits for an hour                      leads
// c            waits for 100 ms       times out
TEST_CASE("write queue: a timeout names the wait, the place, how many wait, and who leads how long") {
  ExactRig rig;
  rig.submit("a", {.turn = [&](Group&, Job&) {
               rig.clock.advance(100ms);
               rig.line_up("b");
               rig.line_up("c", {.patience = 100ms});
               rig.clock.advance(200ms);
               rig.wait_for("c");
             }});
  rig.join();
  CHECK(rig.outcome("c") ==
        "timeout: the write queue: add_event waited 200 ms in place 2 and timed out; waiting 2; "
        "held by: add_event for 300 ms");
  CHECK(rig.groups == std::vector<Names>{{"a"}, {"b"}});
  CHECK(rig.queue.waiters() == 0);
}

// a   leads ..................... runs b for an hour, until b has looked at the clock     commits
// b         waits for 10 ms       is run                                                  is told
TEST_CASE("write queue: a member that was taken outlives its deadline") {
  ExactRig rig;
  rig.submit("a", {.turn = [&](Group&, Job&) {
               rig.line_up("b",
                           {.turn =
                                [&](Group&, Job&) {
                                  rig.clock.advance(1h);
                                  spin_until([&] { return rig.clock.latest_wait() == TimePoint::max(); });
                                },
                            .patience = 10ms});
             }});
  rig.join();
  CHECK(rig.outcome("b") == "no error");
  CHECK(rig.committed == std::vector<std::size_t>{2});
}

TEST_CASE("write queue: a full line refuses at once and says how full it is") {
  ExactRig rig;
  std::string refused;
  rig.submit("a", {.turn = [&](Group&, Job&) {
               rig.line_up("b", {.max_waiters = 1});
               refused = rig.submit("c", {.patience = 0s, .max_waiters = 1});
             }});
  rig.join();
  CHECK(refused == "overloaded: the write queue: 1 writes wait already, no more may");
  CHECK(rig.groups == std::vector<Names>{{"a", "b"}});
}

// a   leads ..................... leaves
// b         waits (at the gate)           is to lead, and cannot know it yet ... leads
// c                                       comes: refused                          opens the gate
TEST_CASE("write queue: a line is as full while nobody leads as it was before") {
  Rig<GatedClock> rig;
  rig.before_commit = [&] {
    rig.before_commit = nullptr;
    rig.line_up("b");
  };
  rig.submit("a");
  CHECK(rig.submit("c", {.patience = 0s, .max_waiters = 1}).starts_with("overloaded:"));
  rig.clock.open_gate();
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a"}, {"b"}});
}

// a       leads ................................. takes early, then late
// late           waits
// early                  comes back with its old call, stands before late
TEST_CASE("write queue: a call that is tried again stands where it stood before") {
  ExactRig rig;
  const TimePoint long_ago = rig.clock.now();
  rig.submit("a", {.turn = [&](Group&, Job&) {
               rig.line_up("late");
               rig.line_up("early", {.arrived = long_ago});
             }});
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a", "early", "late"}});
}

// a       leads, leaves
// b              waits (at the gate), is to lead       is second      is taken by early
// early                                  comes, is first, leads
TEST_CASE(
    "write queue: an earlier call that comes back leads at once, before the one that was woken to lead") {
  Rig<GatedClock> rig;
  const TimePoint long_ago = rig.clock.now();
  rig.before_commit = [&] {
    rig.before_commit = nullptr;
    rig.line_up("b");
  };
  rig.submit("a");
  CHECK(rig.submit("early", {.patience = 0s, .arrived = long_ago}) == "no error");
  rig.clock.open_gate();
  rig.join();
  CHECK(rig.groups == std::vector<Names>{{"a"}, {"early", "b"}});
}
