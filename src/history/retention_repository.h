#pragma once

#include <cstdint>

#include "weir/history/call_options.h"
#include "weir/history/retention_options.h"

namespace weir::history {

/// Lets go of what a retention policy no longer keeps.
///
/// Thread-safety, Lifetime, Blocking, Errors: as ChatRepository.
class RetentionRepository {
 public:
  RetentionRepository() = default;
  RetentionRepository(const RetentionRepository&) = delete;
  RetentionRepository& operator=(const RetentionRepository&) = delete;
  virtual ~RetentionRepository() = default;

  /// Applies `policy` to every conversation, in many small transactions, and says how many events it deleted.
  /// What is deleted stays deleted when it ends early, by an error or at its deadline.
  virtual std::int64_t apply_retention(const RetentionOptions& policy, const CallOptions& options = {}) = 0;
};

}  // namespace weir::history
