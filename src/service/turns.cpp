#include "weir/service/turns.h"

namespace weir::service {

bool Turns::take_free() {
  const std::scoped_lock lock(mutex_);
  if (free_ > 0) {
    --free_;
    return true;
  }
  if (waiting_ == limits_.waiting) {
    throw history::Error(history::ErrorCode::kOverloaded, "too many requests wait for a thread");
  }
  ++waiting_;
  return false;
}

void Turns::enqueue(std::unique_ptr<Waiter> waiter) {
  {
    const std::scoped_lock lock(mutex_);
    // A turn may have come back since take_free().
    if (free_ == 0 && !is_stopped_) {
      waiters_.push_back(std::move(waiter));
      return;
    }
    --waiting_;
    if (free_ > 0) --free_;
  }
  waiter->resume();
}

void Turns::give_back() {
  std::unique_ptr<Waiter> next;
  {
    const std::scoped_lock lock(mutex_);
    if (waiters_.empty()) {
      ++free_;
      return;
    }
    next = std::move(waiters_.front());
    waiters_.pop_front();
    --waiting_;
  }
  next->resume();
}

void Turns::stop() {
  std::deque<std::unique_ptr<Waiter>> dropped;
  {
    const std::scoped_lock lock(mutex_);
    is_stopped_ = true;
    dropped.swap(waiters_);
    waiting_ -= dropped.size();
  }
  for (const auto& waiter : dropped) waiter->resume();
}

}  // namespace weir::service
