#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string_view>

#include "weir/history/error.h"
#include "weir/repositories/call.h"
#include "weir/repositories/function_ref.h"
#include "weir/repositories/observer.h"
#include "weir/repositories/retry_options.h"

namespace weir::repositories {

/// What an attempt throws when a lock was in its way and nothing was done: the one thing that is worth trying
/// again.
class LockedError : public history::Error {
 public:
  explicit LockedError(const std::string& what) : Error(history::ErrorCode::kUnavailable, what) {}
};

/// Runs an attempt again after LockedError, with growing, jittered waits, within the call's deadline.
///
/// A retry is a warning in the log and counted; giving up is an error in the log. No other error is retried.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: clock and observer outlive it.
class RetryPolicy {
 public:
  RetryPolicy(const RetryOptions& options, std::uint64_t seed, Clock& clock, Observer& observer)
      : options_(options), clock_(clock), observer_(observer), random_(seed) {}

  /// Blocking: as long as the attempts and the waits between them, which end at the call's deadline.
  /// Errors: what `attempt` throws; kTimeout when the next wait would pass the deadline.
  void run(const Call& call, FunctionRef<void()> attempt);

 private:
  /// How long to wait before retry number `retry`, 1 being the first.
  Seconds delay(int retry);
  void wait_before(int retry, const Call& call, const LockedError& error);

  const RetryOptions options_;
  Clock& clock_;
  Observer& observer_;

  std::mutex mutex_;
  std::mt19937_64 random_;  // guarded by mutex_
};

}  // namespace weir::repositories
