#pragma once

#include <memory>
#include <optional>

#include "weir/config/settings.h"
#include "weir/history/repository.h"
#include "weir/repositories/clock.h"
#include "weir/repositories/exclusive_file_lock.h"
#include "weir/repositories/observer.h"

namespace weir::commands {

/// Whether a command keeps other weir programs off the database while it runs.
enum class Sharing { kShared, kExclusive };

/// The repository that the settings ask for, open, with what it needs to live.
///
/// Lifetime: `observer` outlives it.
/// Errors: history::Error from the constructor, kConflict when another weir holds the database.
class Store {
 public:
  Store(const config::Settings& settings, Sharing sharing, repositories::Observer& observer);

  history::Repository& repository() { return *repository_; }

 private:
  std::optional<repositories::ExclusiveFileLock> lock_;
  repositories::SystemClock clock_;
  std::unique_ptr<history::Repository> repository_;
};

}  // namespace weir::commands
