#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "weir/history/repository_stats.h"
#include "weir/repositories/call.h"

namespace weir::repositories {

/// Lends a fixed number of slots to callers, first come, first served.
///
/// It knows nothing of what stands in a slot: the pool keeps connections there, the write ticket nothing at
/// all.
///
/// A slot is always in one of four states:
///   empty   nothing stands in it       entered at the start and by release_empty; left when it is lent
///   idle    something open stands in it  entered by release_open; left when it is lent, the warmest first
///   in use  lent to one caller         entered by acquire and the take_ members; left by one release_ member
///   failed  broke or would not open  entered by release_failed and release_broken; lent as empty when due
///
/// Waiters stand in a list in order of arrival. A slot that comes back goes to the first of them under the
/// same lock, so nobody who comes later can overtake. A waiter whose deadline passes while it is being served
/// keeps what it was given. Only the first waiter watches the clock for failed slots; whoever becomes the
/// first while one has failed is woken to do so.
///
/// Order::kWarm bends this, for a bounded time: a slot that comes back stays free until the first waiter has
/// woken up and taken it, and a caller that is running may take it meanwhile. Once the first has waited for
/// kPatience, nobody overtakes it any more. Where callers outnumber the cores this is what keeps each from
/// being put to sleep and woken for every single use: strict order costs a switch of threads a use.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: `clock` outlives it; every slot is back before it is destroyed.
/// Blocking: acquire() until its deadline; everything else for no longer than the lock.
class SlotQueue {
 public:
  struct Grant {
    std::size_t slot;
    bool is_open;     ///< something open stands in it; otherwise the caller is to open it
    Duration waited;  ///< since the call arrived
  };
  enum class Order { kStrict, kWarm };
  enum class Prefer {
    kWarmest,  ///< what was used last, else one to be opened
    kColdest,  ///< one to be opened, else what has gone unused longest
  };
  enum class Warmth {
    kWarm,    ///< a caller has just used it
    kAsIdle,  ///< as it was when it was taken from the idle ones
    kCold,    ///< nobody has used it yet
  };

  /// For how long a waiter lets others overtake: some switches of threads, and far below what a caller feels.
  static constexpr Duration kPatience = std::chrono::milliseconds{5};

  /// `name` is what errors call it, as "the read pool of history.db".
  SlotQueue(std::string name, std::size_t slots, Clock& clock, Order order = Order::kStrict);
  SlotQueue(const SlotQueue&) = delete;
  SlotQueue& operator=(const SlotQueue&) = delete;
  ~SlotQueue();

  /// Errors: kOverloaded when `max_waiters` wait already; kTimeout at the call's deadline. Both say how many
  /// slots there are, who holds them and how long, and the timeout how long it waited and in which place.
  Grant acquire(const Call& call, std::size_t max_waiters, Prefer prefer = Prefer::kWarmest);

  /// Lends nothing more until `until`, or until this is called again with a time that has passed.
  void hold_until(TimePoint until);

  /// The idle slot that has gone unused longest and was not taken by this member in the same `round`, 1 being
  /// the first; absent when there is none, as always while somebody waits.
  std::optional<std::size_t> take_coldest(std::uint64_t round, Operation operation);

  /// A failed slot whose retry was due by then; absent when there is none.
  std::optional<std::size_t> take_failed(Operation operation, TimePoint due_by);

  /// Gives back a slot in which something open stands. Returns how long it was held.
  Duration release_open(std::size_t slot, Warmth warmth = Warmth::kWarm);
  /// Gives back a slot in which nothing stands any more.
  Duration release_empty(std::size_t slot);
  /// Gives back a slot that could not be opened; it is retried after 10 ms, then 20 ms and so on up to 5 s.
  /// `cause` is told to whoever times out meanwhile.
  Duration release_failed(std::size_t slot, std::string cause);
  /// Gives back a slot in which what stood broke in use; it may be opened anew at once.
  Duration release_broken(std::size_t slot);

  /// When the next failed slot is due; absent when none failed.
  std::optional<TimePoint> next_retry() const;

  history::PoolState state() const;

 private:
  enum class State { kEmpty, kIdle, kInUse, kFailed };
  struct Slot {
    State state = State::kEmpty;
    Operation operation{};           // in use: what for
    TimePoint since{};               // in use: since when
    TimePoint retry_at{};            // failed: when it is due
    int failures = 0;                // to open it, in a row
    std::uint64_t used = 0;          // idle: the higher, the warmer
    std::uint64_t probed_round = 0;  // the last round of take_coldest that took it
  };
  struct Waiter {
    Waiter(const Call& its_call, TimePoint now) : call(its_call), since(now) {}
    const Call& call;
    const TimePoint since;
    bool was_woken = false;  // to take a free slot, if nobody is faster
    std::condition_variable woken;
    std::optional<Grant> grant;
  };
  using Waiters = std::list<Waiter*>;

  // All of these want mutex_ held.
  std::optional<Grant> take_free(const Call& call, TimePoint now, Prefer prefer);
  std::optional<std::size_t> take_idle(Prefer prefer);
  std::optional<std::size_t> find_free(TimePoint now) const;
  bool is_any_free(TimePoint now) const;
  bool is_patient(const Waiter& waiter, TimePoint now) const;
  Grant lend(std::size_t slot, const Call& call, TimePoint now);
  Grant wait_in(std::unique_lock<std::mutex>& lock, const Call& call);
  Waiters::iterator enqueue(Waiter& waiter);
  void leave(Waiters::iterator place, TimePoint now);
  void serve_waiters(TimePoint now);
  void hand_over(TimePoint now);
  TimePoint wake_time(const Waiter& waiter, TimePoint now) const;
  std::optional<TimePoint> earliest_retry() const;
  Duration end_use(std::size_t slot, State next, TimePoint now);
  std::string describe(TimePoint now) const;
  std::string describe_timeout(const Waiter& waiter, TimePoint now) const;

  const std::string name_;
  Clock& clock_;
  const Order order_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<Slot> slots_;
  std::vector<std::size_t> idle_;  // the warmest last
  std::uint64_t uses_ = 0;
  Waiters waiters_;
  TimePoint held_until_ = TimePoint::min();
  std::string last_failure_;
};

}  // namespace weir::repositories
