#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <vector>

#include "repositories/calls.h"
#include "support/environment_number.h"
#include "support/threads.h"
#include "weir/repositories/write_queue.h"

namespace {

using weir::history::Error;
using weir::history::ErrorCode;
using weir::repositories::Call;
using weir::repositories::Operation;
using weir::repositories::SystemClock;
using weir::repositories::TimePoint;
using weir::repositories::WriteGroupOptions;
using weir::repositories::WriteQueue;
using weir::testing::failure_of;
using weir::testing::run_at_once;

using Group = WriteQueue::Group;

constexpr std::size_t kThreads = 8;
constexpr WriteGroupOptions kBounds{.max_members = 5, .max_bytes = 100};

std::size_t race_rounds() {
  return static_cast<std::size_t>(weir::testing::environment_number("WEIR_RACE_ROUNDS", 100'000));
}

/// A write, and what its leaders say became of it. Plain variables: only the queue keeps threads apart.
struct Job : WriteQueue::Member {
  Job(const Call& its_call, std::size_t its_bytes) : Member(its_call, its_bytes) {}

  bool is_in_group = false;
  int ends = 0;  // how often its fate was sealed
  std::string fate;
};

/// Runs groups in which anything may go wrong, and writes down who is to hear what.
class Leader {
 public:
  void run(Group& group) {
    if (++inside_ != 1) ++faults_;
    members_.clear();
    const std::string name = std::to_string(++groups_);
    try {
      run_members(group, name);
    } catch (...) {
      --inside_;
      throw;
    }
    if (group.size() != members_.size()) ++faults_;
    for (Job* job : members_) seal(*job, "no error");
    --inside_;
  }

  std::size_t faults() const { return faults_; }
  std::size_t stored() const { return stored_; }
  std::size_t put_back() const { return put_back_; }
  std::size_t largest() const { return largest_; }

 private:
  void run_members(Group& group, const std::string& name) {
    // What becomes of a leader that is in no group yet is told by the code alone.
    if (happens_in(50)) throw Error(ErrorCode::kUnavailable, "no right");
    std::size_t taken = 0;
    std::size_t bytes = 0;
    while (WriteQueue::Member* member = group.next()) {
      Job& job = static_cast<Job&>(*member);
      if (job.is_in_group || job.ends > 0) ++faults_;
      if (++taken > kBounds.max_members) ++faults_;
      if (taken > 1 && (job.bytes > kBounds.max_bytes || (bytes += job.bytes) > kBounds.max_bytes)) ++faults_;
      if (taken == 1) bytes = job.bytes;
      job.is_in_group = true;
      members_.push_back(&job);
      run_member(group, job, name + "." + std::to_string(taken));
    }
    largest_ = std::max(largest_, taken);
    if (happens_in(100)) lose_all(name);
  }

  void run_member(Group& group, Job& job, const std::string& name) {
    if (happens_in(20)) {
      std::erase(members_, &job);
      seal(job, "conflict: " + name);
      // Made first: the temporary that it is copied from shares its text, and must be gone by then.
      auto error = std::make_exception_ptr(Error(ErrorCode::kConflict, name));
      group.fail(job, std::move(error));
    } else if (happens_in(20)) {
      for (Job* other : members_) other->is_in_group = false;
      put_back_ += members_.size() - 1;
      seal(job, "storage_full: " + name);
      group.put_back_others(job);
      throw Error(ErrorCode::kStorageFull, name);
    } else if (happens_in(100)) {
      lose_all(name);
    }
  }

  void lose_all(const std::string& name) {
    for (Job* job : members_) seal(*job, "unknown_outcome: " + name);
    throw Error(ErrorCode::kUnknownOutcome, name);
  }

  void seal(Job& job, const std::string& fate) {
    ++job.ends;
    job.fate = fate;
    if (fate == "no error") ++stored_;
  }

  bool happens_in(unsigned one_of) { return random_() % one_of == 0; }

  std::minstd_rand random_{1};
  std::vector<Job*> members_;
  int inside_ = 0;
  std::size_t groups_ = 0;
  std::size_t faults_ = 0;
  std::size_t stored_ = 0;
  std::size_t put_back_ = 0;
  std::size_t largest_ = 0;
};

/// How the calls ended, as their callers saw it.
struct Tally {
  std::atomic<std::size_t> stored{0};
  std::atomic<std::size_t> timed_out{0};
  std::atomic<std::size_t> overloaded{0};
  std::atomic<std::size_t> other{0};
  std::atomic<std::size_t> surprises{0};  // something else than the leader said
};

/// Whether `outcome` is what was to become of a job that no leader sealed the fate of.
bool may_end_unrun(const std::string& outcome, const Job& job) {
  if (job.is_in_group) return false;
  return outcome.starts_with("timeout:") || outcome.starts_with("overloaded:") ||
         outcome == "unavailable: no right";
}

void count(Tally& tally, const std::string& outcome, const Job& job) {
  const bool is_expected = job.ends == 0 ? may_end_unrun(outcome, job) : job.ends == 1 && outcome == job.fate;
  if (!is_expected) ++tally.surprises;
  if (outcome == "no error") {
    ++tally.stored;
  } else if (outcome.starts_with("timeout:")) {
    ++tally.timed_out;
  } else if (outcome.starts_with("overloaded:")) {
    ++tally.overloaded;
  } else {
    ++tally.other;
  }
}

}  // namespace

// Eight threads submit, one job each at a time: a third of the jobs can wait for some microseconds only, and
// a sixth find the line full at five. Leaders fail, fail members, lose transactions and commits at random.
TEST_CASE(
    "write queue race: every one of a hundred thousand writes ends once, with the outcome that is its own") {
  SystemClock clock;
  Leader leader;
  Tally tally;
  WriteQueue queue("the write queue", kBounds, clock, [&](Group& group) { leader.run(group); });
  run_at_once(kThreads, [&](std::size_t thread) {
    std::minstd_rand random(static_cast<unsigned>(thread + 1));
    for (std::size_t i = 0; i < race_rounds() / kThreads; ++i) {
      const TimePoint now = clock.now();
      const bool is_patient = random() % 3 != 0;
      const Call call{Operation::kAddEvent, now,
                      is_patient ? TimePoint::max() : now + std::chrono::microseconds{random() % 60}};
      Job job(call, random() % 30 == 0 ? WriteQueue::Member::kAlone : random() % 50);
      const std::size_t max_waiters = random() % 6 == 0 ? 5 : kThreads;
      count(tally, failure_of([&] { queue.submit(job, max_waiters); }), job);
    }
  });
  CHECK(leader.faults() == 0);
  CHECK(tally.surprises == 0);
  CHECK(tally.stored == leader.stored());
  CHECK(tally.stored + tally.timed_out + tally.overloaded + tally.other ==
        race_rounds() / kThreads * kThreads);
  CHECK(queue.waiters() == 0);
  // It was worth the while.
  CHECK(tally.stored > 0);
  CHECK(tally.timed_out > 0);
  CHECK(tally.overloaded > 0);
  CHECK(leader.put_back() > 0);
  CHECK(leader.largest() > 1);
}
