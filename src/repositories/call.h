#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/repositories/clock.h"
#include "weir/repositories/operation.h"

namespace weir::repositories {

/// Where the time of a call went, as told by whoever runs it.
struct CallTimes {
  bool is_begun = false;  ///< it got what it waited for
  Duration waited{};      ///< for a connection and, of a write, the ticket
  Duration held{};        ///< them; of a write, for as long as its group did
  Duration commit{};
  std::int64_t rows = 0;  ///< changed, in tables and indexes of any kind
  std::size_t batch = 0;  ///< calls that were committed together; 0: none was
};

/// One caller's request on its way through the queues: what it is for, when it came, and how long it may
/// take.
struct Call {
  Operation operation;
  TimePoint arrived;
  TimePoint deadline;
  CallTimes* times = nullptr;  ///< where to tell it; null: nobody asks
};

/// A call that keeps its times.
///
/// Thread-safety: of the times, as the call's.
struct TimedCall {
  explicit TimedCall(const Call& its_call) : call(its_call) { call.times = &times; }
  TimedCall(const TimedCall&) = delete;
  TimedCall& operator=(const TimedCall&) = delete;

  CallTimes times;
  Call call;
};

/// Tells a call's times, from when it got what it waited for until it gives it back.
///
/// Thread-safety: none. Lifetime: the call and `clock` outlive it.
class [[nodiscard]] HoldTimer {
 public:
  HoldTimer(const Call& call, Duration waited, const Clock& clock) : times_(call.times), clock_(clock) {
    if (times_ == nullptr) return;
    times_->is_begun = true;
    times_->waited = waited;
    began_ = clock_.now();
  }
  HoldTimer(const HoldTimer&) = delete;
  HoldTimer& operator=(const HoldTimer&) = delete;
  ~HoldTimer() {
    if (times_ != nullptr) times_->held = clock_.now() - began_;
  }

 private:
  CallTimes* times_;
  const Clock& clock_;
  TimePoint began_{};
};

}  // namespace weir::repositories
