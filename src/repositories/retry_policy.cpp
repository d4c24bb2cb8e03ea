#include "weir/repositories/retry_policy.h"

#include <spdlog/spdlog.h>

#include <cmath>

namespace weir::repositories {

using history::Error;
using history::ErrorCode;

void RetryPolicy::run(const Call& call, FunctionRef<void()> attempt) {
  for (int retry = 1;; ++retry) {
    try {
      attempt();
      return;
    } catch (const LockedError& error) {
      if (retry > options_.max_retries) {
        spdlog::error("{}: gave up after {} retries: {}", to_string(call.operation), options_.max_retries,
                      error.what());
        throw;
      }
      wait_before(retry, call, error);
    }
  }
}

void RetryPolicy::wait_before(int retry, const Call& call, const LockedError& error) {
  const TimePoint resume_at = add_saturating(clock_.now(), delay(retry));
  if (resume_at >= call.deadline) {
    spdlog::error("{}: the deadline passed before retry {}: {}", to_string(call.operation), retry,
                  error.what());
    throw Error(ErrorCode::kTimeout, std::string(to_string(call.operation)) +
                                         " met a lock and its deadline passed before retry " +
                                         std::to_string(retry) + ": " + error.what());
  }
  spdlog::warn("{}: retry {} of {}: {}", to_string(call.operation), retry, options_.max_retries,
               error.what());
  observer_.operation_retried(call.operation);
  clock_.sleep_until(resume_at);
}

Seconds RetryPolicy::delay(int retry) {
  const std::lock_guard lock(mutex_);
  const double share = std::uniform_real_distribution<double>(0.0, 1.0)(random_) * options_.jitter;
  return options_.base_delay * std::ldexp(1.0 + share, retry - 1);
}

}  // namespace weir::repositories
