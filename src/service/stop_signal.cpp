#include "weir/service/stop_signal.h"

#include <utility>

namespace weir::service {

StopSignal::Listener StopSignal::listen(Call call) {
  const std::scoped_lock lock(mutex_);
  return Listener(*this, calls_.insert(calls_.end(), std::move(call)));
}

void StopSignal::send() {
  const std::scoped_lock lock(mutex_);
  for (const Call& call : calls_) call();
}

void StopSignal::forget(std::list<Call>::iterator call) {
  const std::scoped_lock lock(mutex_);
  calls_.erase(call);
}

}  // namespace weir::service
