#include "weir/repositories/slot_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "weir/history/error.h"
#include "weir/repositories/call_text.h"

namespace weir::repositories {
namespace {

using history::Error;
using history::ErrorCode;

constexpr Duration kFirstRetry = std::chrono::milliseconds{10};
constexpr Duration kLongestRetry = std::chrono::seconds{5};

Duration retry_delay(int failures) {
  Duration delay = kFirstRetry;
  for (int i = 1; i < failures && delay < kLongestRetry; ++i) delay *= 2;
  return std::min(delay, kLongestRetry);
}

}  // namespace

SlotQueue::SlotQueue(std::string name, std::size_t slots, Clock& clock, Order order)
    : name_(std::move(name)), clock_(clock), order_(order), slots_(slots) {
  idle_.reserve(slots);
}

SlotQueue::~SlotQueue() {
  assert(waiters_.empty());
}

SlotQueue::Grant SlotQueue::acquire(const Call& call, std::size_t max_waiters, Prefer prefer) {
  std::unique_lock lock(mutex_);
  const TimePoint now = clock_.now();
  if (waiters_.empty() || is_patient(*waiters_.front(), now)) {
    if (auto grant = take_free(call, now, prefer)) return *grant;
  }
  if (waiters_.size() >= max_waiters) {
    throw Error(ErrorCode::kOverloaded, name_ + ": " + std::to_string(waiters_.size()) +
                                            " callers wait already, no more may; " + describe(now));
  }
  return wait_in(lock, call);
}

SlotQueue::Grant SlotQueue::wait_in(std::unique_lock<std::mutex>& lock, const Call& call) {
  Waiter self(call, clock_.now());
  const auto place = enqueue(self);
  for (;;) {
    if (self.grant) return *self.grant;  // whoever granted it has taken us out of the list
    const TimePoint now = clock_.now();
    if (now >= call.deadline) {
      std::string explanation = describe_timeout(self, now);
      leave(place, now);
      throw Error(ErrorCode::kTimeout, explanation);
    }
    if (waiters_.front() == &self) {
      hand_over(now);  // a slot may be free, or a failed one have come due
    } else {
      self.was_woken = false;  // in vain, and now it sleeps beyond its patience: it is to be woken again
    }
    if (!self.grant) clock_.wait_until(self.woken, lock, wake_time(self, now));
  }
}

SlotQueue::Waiters::iterator SlotQueue::enqueue(Waiter& waiter) {
  // Almost always at the end; a caller that met a failed open comes back to its own place.
  auto place = waiters_.end();
  while (place != waiters_.begin() && (*std::prev(place))->call.arrived > waiter.call.arrived) --place;
  return waiters_.insert(place, &waiter);
}

void SlotQueue::leave(Waiters::iterator place, TimePoint now) {
  const bool was_first = place == waiters_.begin();
  waiters_.erase(place);
  if (!was_first || waiters_.empty()) return;
  // So far it sleeps until its deadline; as the first it takes what is free, or what will be.
  if (earliest_retry() || now < held_until_ || is_any_free(now)) waiters_.front()->woken.notify_one();
}

bool SlotQueue::is_patient(const Waiter& waiter, TimePoint now) const {
  return order_ == Order::kWarm && now - waiter.since < kPatience;
}

void SlotQueue::serve_waiters(TimePoint now) {
  while (!waiters_.empty() && is_any_free(now)) {
    Waiter& first = *waiters_.front();
    if (is_patient(first, now)) {
      // Once is enough while somebody is likely to take the one slot; two that stand idle are nobody's.
      if (!first.was_woken || idle_.size() > 1) first.woken.notify_one();
      first.was_woken = true;
      return;
    }
    hand_over(now);
  }
}

/// Gives a free slot, if there is one, to the first waiter.
void SlotQueue::hand_over(TimePoint now) {
  Waiter& first = *waiters_.front();
  first.grant = take_free(first.call, now, Prefer::kWarmest);
  if (!first.grant) return;
  first.woken.notify_one();
  leave(waiters_.begin(), now);
}

TimePoint SlotQueue::wake_time(const Waiter& waiter, TimePoint now) const {
  if (waiters_.front() != &waiter) return waiter.call.deadline;
  if (now < held_until_) return std::min(waiter.call.deadline, held_until_);
  TimePoint earliest = std::min(waiter.call.deadline, earliest_retry().value_or(TimePoint::max()));
  // Woken in vain: whatever is free by the end of its patience is its own.
  if (waiter.was_woken && now < waiter.since + kPatience) {
    earliest = std::min(earliest, waiter.since + kPatience);
  }
  return earliest;
}

void SlotQueue::hold_until(TimePoint until) {
  const std::lock_guard lock(mutex_);
  held_until_ = until;
  serve_waiters(clock_.now());
  if (!waiters_.empty()) waiters_.front()->woken.notify_one();  // to wait for the end of it
}

std::optional<SlotQueue::Grant> SlotQueue::take_free(const Call& call, TimePoint now, Prefer prefer) {
  if (now < held_until_) return std::nullopt;
  const bool prefers_cold = prefer == Prefer::kColdest;
  auto slot = prefers_cold ? find_free(now) : take_idle(prefer);
  if (!slot) slot = prefers_cold ? take_idle(prefer) : find_free(now);
  if (!slot) return std::nullopt;
  return lend(*slot, call, now);
}

std::optional<std::size_t> SlotQueue::take_idle(Prefer prefer) {
  if (idle_.empty()) return std::nullopt;
  const auto chosen = prefer == Prefer::kWarmest ? std::prev(idle_.end()) : idle_.begin();
  const std::size_t slot = *chosen;
  idle_.erase(chosen);
  return slot;
}

bool SlotQueue::is_any_free(TimePoint now) const {
  return now >= held_until_ && (!idle_.empty() || find_free(now));
}

std::optional<std::size_t> SlotQueue::find_free(TimePoint now) const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    if (slot.state == State::kEmpty) return i;
    if (slot.state == State::kFailed && slot.retry_at <= now) return i;
  }
  return std::nullopt;
}

SlotQueue::Grant SlotQueue::lend(std::size_t slot, const Call& call, TimePoint now) {
  Slot& lent = slots_[slot];
  const bool is_open = lent.state == State::kIdle;
  lent.state = State::kInUse;
  lent.operation = call.operation;
  lent.since = now;
  return {slot, is_open, now - call.arrived};
}

std::optional<std::size_t> SlotQueue::take_coldest(std::uint64_t round, Operation operation) {
  const std::lock_guard lock(mutex_);
  if (!waiters_.empty()) return std::nullopt;
  const auto found =
      std::ranges::find_if(idle_, [&](std::size_t slot) { return slots_[slot].probed_round != round; });
  if (found == idle_.end()) return std::nullopt;
  const std::size_t slot = *found;
  idle_.erase(found);
  slots_[slot].probed_round = round;
  const TimePoint now = clock_.now();
  lend(slot, Call{operation, now, now}, now);
  return slot;
}

std::optional<std::size_t> SlotQueue::take_failed(Operation operation, TimePoint due_by) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].state != State::kFailed || slots_[i].retry_at > due_by) continue;
    lend(i, Call{operation, now, now}, now);
    return i;
  }
  return std::nullopt;
}

Duration SlotQueue::end_use(std::size_t slot, State next, TimePoint now) {
  assert(slots_[slot].state == State::kInUse);
  slots_[slot].state = next;
  if (next != State::kFailed) slots_[slot].failures = 0;
  return now - slots_[slot].since;
}

Duration SlotQueue::release_open(std::size_t slot, Warmth warmth) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  const Duration held = end_use(slot, State::kIdle, now);
  if (warmth != Warmth::kAsIdle) slots_[slot].used = warmth == Warmth::kWarm ? ++uses_ : 0;
  const auto warmer = std::ranges::upper_bound(idle_, slots_[slot].used, {},
                                               [&](std::size_t other) { return slots_[other].used; });
  idle_.insert(warmer, slot);
  serve_waiters(now);
  return held;
}

Duration SlotQueue::release_empty(std::size_t slot) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  const Duration held = end_use(slot, State::kEmpty, now);
  serve_waiters(now);
  return held;
}

Duration SlotQueue::release_failed(std::size_t slot, std::string cause) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  const Duration held = end_use(slot, State::kFailed, now);
  slots_[slot].retry_at = now + retry_delay(++slots_[slot].failures);
  last_failure_ = std::move(cause);
  if (!waiters_.empty()) waiters_.front()->woken.notify_one();  // to wait for the retry
  return held;
}

Duration SlotQueue::release_broken(std::size_t slot) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  const Duration held = end_use(slot, State::kFailed, now);
  slots_[slot].retry_at = now;
  slots_[slot].failures = 0;  // it had been open
  last_failure_ = "a connection failed in use";
  serve_waiters(now);
  return held;
}

std::optional<TimePoint> SlotQueue::next_retry() const {
  const std::lock_guard lock(mutex_);
  return earliest_retry();
}

std::optional<TimePoint> SlotQueue::earliest_retry() const {
  std::optional<TimePoint> earliest;
  for (const Slot& slot : slots_) {
    if (slot.state == State::kFailed && (!earliest || slot.retry_at < *earliest)) earliest = slot.retry_at;
  }
  return earliest;
}

history::PoolState SlotQueue::state() const {
  const std::lock_guard lock(mutex_);
  history::PoolState state;
  state.max = slots_.size();
  state.idle = idle_.size();
  for (const Slot& slot : slots_) {
    if (slot.state == State::kInUse) ++state.in_use;
    if (slot.state == State::kFailed) ++state.failed;
  }
  state.available = state.max - state.in_use - state.failed;
  state.waiters = waiters_.size();
  return state;
}

std::string SlotQueue::describe(TimePoint now) const {
  std::string holders;
  std::size_t in_use = 0;
  std::size_t failed = 0;
  bool has_failures = false;  // of slots that are being tried again too
  for (const Slot& slot : slots_) {
    if (slot.state == State::kFailed) ++failed;
    if (slot.state == State::kFailed || slot.failures > 0) has_failures = true;
    if (slot.state != State::kInUse) continue;
    ++in_use;
    holders += (holders.empty() ? "" : ", ") + describe_holder(slot.operation, now - slot.since);
  }
  std::string text = "max " + std::to_string(slots_.size()) + ", idle " + std::to_string(idle_.size()) +
                     ", in use " + std::to_string(in_use) + ", failed " + std::to_string(failed) +
                     ", waiting " + std::to_string(waiters_.size()) +
                     "; held by: " + (holders.empty() ? "nobody" : holders);
  if (has_failures) text += "; the last failure: " + last_failure_;
  return text;
}

std::string SlotQueue::describe_timeout(const Waiter& waiter, TimePoint now) const {
  const auto place = std::ranges::find(waiters_, &waiter);
  const auto position = static_cast<std::size_t>(std::distance(waiters_.begin(), place)) + 1;
  return describe_timed_out(name_, waiter.call, now, position) + "; " + describe(now);
}

}  // namespace weir::repositories
