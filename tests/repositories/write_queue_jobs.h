#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "weir/history/error.h"
#include "weir/repositories/write_queue.h"

namespace weir::testing {

// Writes of which anything may become, and what is known of each, to be compared with what its caller was
// told.

inline constexpr repositories::WriteGroupOptions kJobBounds{.max_members = 5, .max_bytes = 100};

/// A write, and what its leaders say became of it. Plain variables: only the queue keeps threads apart.
struct Job : repositories::WriteQueue::Member {
  Job(const repositories::Call& its_call, std::size_t its_bytes) : Member(its_call, its_bytes) {}

  bool is_in_group = false;
  int ends = 0;  // how often its fate was sealed
  std::string fate;
};

/// Runs groups in which anything may go wrong, and writes down who is to hear what.
class JobLeader {
 public:
  void run(repositories::WriteQueue::Group& group) {
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
  void run_members(repositories::WriteQueue::Group& group, const std::string& name) {
    // What becomes of a leader that is in no group yet is told by the code alone.
    if (happens_in(50)) throw history::Error(history::ErrorCode::kUnavailable, "no right");
    std::size_t taken = 0;
    std::size_t bytes = 0;
    while (repositories::WriteQueue::Member* member = group.next()) {
      Job& job = static_cast<Job&>(*member);
      if (job.is_in_group || job.ends > 0) ++faults_;
      if (++taken > kJobBounds.max_members) ++faults_;
      if (taken > 1 && (job.bytes > kJobBounds.max_bytes || (bytes += job.bytes) > kJobBounds.max_bytes))
        ++faults_;
      if (taken == 1) bytes = job.bytes;
      job.is_in_group = true;
      members_.push_back(&job);
      run_member(group, job, name + "." + std::to_string(taken));
    }
    largest_ = std::max(largest_, taken);
    if (happens_in(100)) lose_all(name);
  }

  void run_member(repositories::WriteQueue::Group& group, Job& job, const std::string& name) {
    if (happens_in(20)) {
      std::erase(members_, &job);
      seal(job, "conflict: " + name);
      // Made first: the temporary that it is copied from shares its text, and must be gone by then.
      auto error = std::make_exception_ptr(history::Error(history::ErrorCode::kConflict, name));
      group.fail(job, std::move(error));
    } else if (happens_in(20)) {
      for (Job* other : members_) other->is_in_group = false;
      put_back_ += members_.size() - 1;
      seal(job, "storage_full: " + name);
      group.put_back_others(job);
      throw history::Error(history::ErrorCode::kStorageFull, name);
    } else if (happens_in(100)) {
      lose_all(name);
    }
  }

  void lose_all(const std::string& name) {
    for (Job* job : members_) seal(*job, "unknown_outcome: " + name);
    throw history::Error(history::ErrorCode::kUnknownOutcome, name);
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
struct JobTally {
  std::atomic<std::size_t> stored{0};
  std::atomic<std::size_t> timed_out{0};
  std::atomic<std::size_t> overloaded{0};
  std::atomic<std::size_t> other{0};
  std::atomic<std::size_t> surprises{0};  // something else than the leader said
};

/// Whether `outcome` is what was to become of a job that no leader sealed the fate of.
inline bool may_end_unrun(const std::string& outcome, const Job& job) {
  if (job.is_in_group) return false;
  return outcome.starts_with("timeout:") || outcome.starts_with("overloaded:") ||
         outcome == "unavailable: no right";
}

inline void count(JobTally& tally, const std::string& outcome, const Job& job) {
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

}  // namespace weir::testing
