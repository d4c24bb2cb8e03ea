#pragma once

#include <cstdint>

#include "weir/history/call_options.h"
#include "weir/history/retention_options.h"

namespace weir::history {

/// Lets go of what a retention policy no longer keeps: of each conversation some from its start, by seq.
///
/// A tool call and its results go together, in one transaction. A conversation keeps its title and its last
/// number, even when all its events are gone, and the next event gets the number after it.
///
/// Thread-safety, Lifetime, Blocking, Errors: as ChatRepository.
class RetentionRepository {
 public:
  RetentionRepository() = default;
  RetentionRepository(const RetentionRepository&) = delete;
  RetentionRepository& operator=(const RetentionRepository&) = delete;
  virtual ~RetentionRepository() = default;

  /// Applies `policy` to every conversation, in many small transactions, and says how many events it deleted.
  /// What is deleted stays deleted when it ends early: by an error, or at its deadline, which is none.
  virtual std::int64_t apply_retention(const RetentionOptions& policy, const CallOptions& options = {}) = 0;
};

}  // namespace weir::history
