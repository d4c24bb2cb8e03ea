#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weir/history/error.h"
#include "weir/repositories/observer.h"
#include "weir/repositories/slot_queue.h"

namespace weir::repositories {

/// How a pool treats what it keeps. `T` may be anything; tests use integers.
template <class T>
struct PoolBehaviour {
  std::function<std::unique_ptr<T>(TimePoint deadline)> open;  ///< throws history::Error when it cannot
  std::function<bool(T&)>
      clean;  ///< makes it as new for the next borrower; false: discard it; does not throw
  std::function<std::optional<Replaced>(T&)>
      probe;  ///< absent: healthy; else why to replace it; does not throw
  std::function<void()>
      on_broken;  ///< one broke in use, or a caller could not open it: next_retry() tells when to reopen
};

struct PoolIdentity {
  PoolKind kind;
  std::string name;  ///< as errors call it
  SlotQueue::Order order = SlotQueue::Order::kStrict;
};

/// Keeps up to a fixed number of connections, opened as demand asks, and lends each to one caller at a time.
///
/// Order, waiting and capacity are SlotQueue's; this adds what stands in the slots. A connection comes back
/// exactly once, as reuse or discard (invariant I1). A failed open keeps its slot and is retried with backoff
/// (I7).
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: clock and observer outlive it; it outlives its leases.
template <class T>
class ConnectionPool {
 public:
  /// One borrowed connection. Gives it back when destroyed.
  ///
  /// Thread-safety: one thread at a time.
  class [[nodiscard]] Lease {
   public:
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          slot_(other.slot_),
          waited_(other.waited_),
          reason_(other.reason_) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->give_back(slot_, reason_);
    }

    T& operator*() const { return *pool_->items_[slot_]; }
    T* operator->() const { return pool_->items_[slot_].get(); }

    /// Marks the connection as one that nobody may get again.
    void discard(Replaced reason) { reason_ = reason; }

    /// How long it took to get it, since the call arrived.
    Duration waited() const { return waited_; }

   private:
    friend class ConnectionPool;
    Lease(ConnectionPool& pool, const SlotQueue::Grant& grant)
        : pool_(&pool), slot_(grant.slot), waited_(grant.waited) {}

    ConnectionPool* pool_;
    std::size_t slot_;
    Duration waited_;
    std::optional<Replaced> reason_;
  };

  ConnectionPool(PoolIdentity identity, std::size_t size, PoolBehaviour<T> behaviour, Clock& clock,
                 Observer& observer)
      : kind_(identity.kind),
        behaviour_(std::move(behaviour)),
        clock_(clock),
        observer_(observer),
        queue_(std::move(identity.name), size, clock, identity.order),
        items_(size) {}

  /// The warmest idle connection, or a new one, or the next that comes free; or as `prefer` says.
  /// Blocking: until the call's deadline.
  /// Errors: kOverloaded, kTimeout as SlotQueue::acquire; what opening throws when trying again cannot help
  ///   (anything but kUnavailable and kTimeout).
  Lease acquire(const Call& call, std::size_t max_waiters,
                SlotQueue::Prefer prefer = SlotQueue::Prefer::kWarmest) {
    SlotQueue::Grant grant = wait_for_slot(call, max_waiters, prefer);
    // Whoever was let in once keeps a place to try again from, however full the queue is by then.
    while (!grant.is_open && !try_open(grant.slot, call.deadline)) {
      grant = wait_for_slot(call, kNoLimit, prefer);
    }
    ++acquisitions_;
    observer_.lease_acquired(kind_, grant.waited);
    return Lease(*this, grant);
  }

  /// Lends nothing more until `until`, or until this is called again with a time that has passed; what is
  /// lent is not touched.
  void hold_until(TimePoint until) { queue_.hold_until(until); }

  /// Probes, one at a time, each connection that is idle now and was not probed in this round; replaces what
  /// failed. A connection in use is never touched. Rounds count from 1.
  void check_idle(std::uint64_t round) {
    while (const auto slot = queue_.take_coldest(round, Operation::kHealthCheck)) {
      const std::optional<Replaced> trouble = behaviour_.probe(*items_[*slot]);
      observer_.health_checked(kind_, trouble ? CheckResult::kFailed : CheckResult::kOk);
      ++health_checks_;
      if (trouble) {
        replace(*slot, *trouble);
      } else {
        queue_.release_open(*slot, SlotQueue::Warmth::kAsIdle);
      }
    }
  }

  /// Tries once to open each failed slot whose retry is due.
  void reopen_failed() {
    const TimePoint now = clock_.now();  // what fails now is due again later, however long opening takes
    while (const auto slot = queue_.take_failed(Operation::kHealthCheck, now)) {
      open_for_idle(*slot);
    }
  }

  /// When reopen_failed() has something to do next; absent when nothing failed.
  std::optional<TimePoint> next_retry() const { return queue_.next_retry(); }

  /// Takes every connection out, at a time when none is lent, and hands each to `last_rites` before it is
  /// destroyed.
  void close(const std::function<void(T&)>& last_rites) {
    for (auto& item : items_) {
      if (item) last_rites(*item);
      item.reset();
    }
  }

  history::PoolState state() const { return queue_.state(); }
  std::uint64_t acquisitions() const { return acquisitions_.load(std::memory_order_relaxed); }
  std::uint64_t created() const { return created_.load(std::memory_order_relaxed); }
  std::uint64_t errors() const { return errors_.load(std::memory_order_relaxed); }
  std::uint64_t health_checks() const { return health_checks_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  SlotQueue::Grant wait_for_slot(const Call& call, std::size_t max_waiters, SlotQueue::Prefer prefer) {
    try {
      return queue_.acquire(call, max_waiters, prefer);
    } catch (const history::Error& error) {
      if (error.code() == history::ErrorCode::kTimeout) observer_.acquire_timed_out(kind_);
      throw;
    }
  }

  /// False when opening failed for now and the slot went back to be retried; throws when retrying cannot
  /// help.
  bool try_open(std::size_t slot, TimePoint deadline) {
    try {
      open(slot, deadline);
      return true;
    } catch (const history::Error& error) {
      count_error();
      if (is_passing(error)) {
        queue_.release_failed(slot, error.what());
        behaviour_.on_broken();
        return false;
      }
      queue_.release_empty(slot);
      throw;
    } catch (...) {
      count_error();
      queue_.release_empty(slot);
      throw;
    }
  }

  void open(std::size_t slot, TimePoint deadline) {
    items_[slot] = behaviour_.open(deadline);
    ++created_;
    observer_.connection_created(kind_);
  }

  /// Opens a slot nobody waits for in person; a failure is kept for the next attempt.
  void open_for_idle(std::size_t slot) {
    try {
      open(slot, TimePoint::max());
    } catch (const std::exception& error) {
      count_error();
      queue_.release_failed(slot, error.what());
      return;
    }
    queue_.release_open(slot, SlotQueue::Warmth::kCold);
  }

  void replace(std::size_t slot, Replaced reason) {
    if (reason == Replaced::kFailed) count_error();
    observer_.connection_replaced(kind_, reason);
    items_[slot].reset();
    // What stands at the path now is not ours: whoever calls next is told so, and nothing is opened.
    if (reason == Replaced::kMoved) {
      queue_.release_empty(slot);
      return;
    }
    open_for_idle(slot);
  }

  void give_back(std::size_t slot, std::optional<Replaced> reason) noexcept {
    if (!reason && !behaviour_.clean(*items_[slot])) reason = Replaced::kDirty;
    if (!reason) {
      observer_.lease_released(kind_, queue_.release_open(slot));
      return;
    }
    if (*reason == Replaced::kFailed) count_error();
    observer_.connection_replaced(kind_, *reason);
    items_[slot].reset();
    if (*reason == Replaced::kFailed) {
      observer_.lease_released(kind_, queue_.release_broken(slot));
      behaviour_.on_broken();
    } else {
      observer_.lease_released(kind_, queue_.release_empty(slot));
    }
  }

  void count_error() {
    ++errors_;
    observer_.connection_error(kind_);
  }

  static bool is_passing(const history::Error& error) {
    return error.code() == history::ErrorCode::kUnavailable || error.code() == history::ErrorCode::kTimeout;
  }

  const PoolKind kind_;
  const PoolBehaviour<T> behaviour_;
  Clock& clock_;
  Observer& observer_;

  SlotQueue queue_;
  std::vector<std::unique_ptr<T>> items_;  // items_[i] belongs to whoever holds slot i

  std::atomic<std::uint64_t> acquisitions_{0};
  std::atomic<std::uint64_t> created_{0};
  std::atomic<std::uint64_t> errors_{0};
  std::atomic<std::uint64_t> health_checks_{0};
};

}  // namespace weir::repositories
