#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "weir/repositories/call.h"
#include "weir/repositories/write_group_options.h"

namespace weir::repositories {

/// Lets writes that wait at the same time be stored by one of their callers in one transaction.
///
/// The protocol. Callers stand in line in order of arrival. Whoever is first in line while nobody leads
/// becomes the leader, on its own thread: it obtains the right to write, begins a transaction, and only then
/// takes members into its group, one at a time and just before it runs them, itself first, as long as
/// somebody stands in line and the group's bounds allow. Who arrives meanwhile may still be taken. Then it
/// commits, tells everybody in the group, and whoever is first in line by then leads next. Nobody waits for
/// company: a caller who finds nobody in line leads at once, and a group of one is an ordinary transaction.
///
/// A member is always in one of these states:
///   waiting  in line                        entered by submit() and by being put back; left by leading, by
///                                           being taken, or at its deadline
///   leading  first in line, about to write  entered when nobody leads; left when it takes itself into its
///                                           group, or when it cannot obtain the right to write
///   taken    in a group                     its deadline no longer lets it leave, for its write may be under
///                                           way; the leader runs it under its deadline. Left for done, or
///                                           for waiting when its transaction was lost through no fault of it
///   done     its outcome is known           left by returning to the caller
///
/// What is run, and what running means, is the owner's: this knows no SQL, and tests use integers.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: `clock` outlives it; it outlives the calls of submit().
class WriteQueue {
 public:
  class Group;

  /// One caller's write. What is to be done stands in a class derived from it.
  ///
  /// Thread-safety: used by its caller, and by the leader while it is taken.
  class Member {
   public:
    /// The size of a write that is never stored together with another.
    static constexpr std::size_t kAlone = std::numeric_limits<std::size_t>::max();

    Member(const Call& its_call, std::size_t its_bytes) : call(its_call), bytes(its_bytes) {}
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    const Call& call;
    const std::size_t bytes;  ///< about what it stores

   private:
    friend class WriteQueue;
    enum class State { kWaiting, kLeading, kTaken, kDone };

    // Guarded by the queue's mutex_.
    State state_ = State::kWaiting;
    std::exception_ptr error_;
    std::condition_variable woken_;
  };

  /// Runs a group: obtains the right to write, runs every member that Group::next() gives, commits.
  /// What it throws is the outcome of every member that is still in the group, and of the leader if it has
  /// taken nobody yet.
  using Run = std::function<void(Group&)>;

  /// `name` is what errors call it, as "the write queue of history.db".
  WriteQueue(std::string name, const WriteGroupOptions& options, Clock& clock, Run run);
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  /// Has `member` run, by this thread or another's; returns when its group is committed.
  /// Blocking: until it is done; while it waits, no longer than until its deadline.
  /// Errors: kOverloaded when `max_waiters` stand in line; kTimeout at the deadline, saying who leads; what
  ///   running it threw.
  void submit(Member& member, std::size_t max_waiters);

  std::size_t waiters() const;

 private:
  using State = Member::State;

  // All of these want mutex_ held.
  void enqueue(Member& member);
  void lead(Member& member, std::unique_lock<std::mutex>& lock);
  void settle(Group& group, const std::exception_ptr& error);
  void end(Member& member, std::exception_ptr error);
  void wake_first();
  std::string describe_timeout(const Member& member, TimePoint now) const;

  const std::string name_;
  const WriteGroupOptions options_;
  Clock& clock_;
  const Run run_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Member*> line_;
  std::optional<Call> leading_;  // the leader's call; since when it leads stands in `arrived`
};

/// The writes that one leader stores together.
///
/// Thread-safety: used by the leader alone. Lifetime: within WriteQueue::Run.
class WriteQueue::Group {
 public:
  const Call& leader_call() const { return leader_.call; }

  /// Takes the next member: the leader first; null when nobody is in line or the bounds are reached.
  Member* next();

  /// Who was taken and has neither failed nor been put back.
  const std::vector<Member*>& members() const { return members_; }
  std::size_t size() const { return members_.size(); }

  /// The outcome of one member alone. It is told at once.
  void fail(Member& member, std::exception_ptr error);

  /// Sends everybody but `culprit` back into the line, because the transaction was lost.
  void put_back_others(const Member& culprit);

 private:
  friend class WriteQueue;
  Group(WriteQueue& queue, Member& leader) : queue_(queue), leader_(leader) {}

  bool has_room_for(const Member& member) const;

  WriteQueue& queue_;
  Member& leader_;
  std::vector<Member*> members_;
  std::size_t taken_ = 0;
  std::size_t bytes_ = 0;
  TimePoint began_{};
};

}  // namespace weir::repositories
