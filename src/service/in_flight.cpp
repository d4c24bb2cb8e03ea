#include "weir/service/in_flight.h"

namespace weir::service {

InFlight::Flight InFlight::begin() {
  const std::scoped_lock lock(mutex_);
  ++count_;
  return Flight(*this);
}

Phase InFlight::phase() const {
  const std::scoped_lock lock(mutex_);
  return phase_;
}

std::size_t InFlight::count() const {
  const std::scoped_lock lock(mutex_);
  return count_;
}

void InFlight::drain(std::function<void()> on_empty) {
  {
    const std::scoped_lock lock(mutex_);
    if (phase_ == Phase::kDraining) return;
    phase_ = Phase::kDraining;
    if (count_ > 0) {
      on_empty_ = std::move(on_empty);
      return;
    }
  }
  on_empty();
}

void InFlight::end() {
  std::function<void()> call;
  {
    const std::scoped_lock lock(mutex_);
    if (--count_ == 0) call = std::exchange(on_empty_, nullptr);
  }
  if (call) call();
}

}  // namespace weir::service
