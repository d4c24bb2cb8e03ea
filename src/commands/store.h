#pragma once

#include <memory>
#include <optional>
#include <string>

#include "weir/config/settings.h"
#include "weir/repositories/clock.h"
#include "weir/repositories/exclusive_file_lock.h"
#include "weir/repositories/observer.h"
#include "weir/repositories/repository_handle.h"

namespace weir::commands {

/// Whether a command keeps other weir programs off the database while it runs.
enum class Sharing { kShared, kExclusive };

/// The repository that the settings ask for, open, with what it needs to live.
///
/// Thread-safety: replace() by one thread at a time; the repository as history::ChatRepository.
/// Lifetime: `observer` outlives it.
/// Errors: history::Error from the constructor, kConflict when another weir holds the database; from
/// replace().
class Store {
 public:
  Store(const config::Settings& settings, Sharing sharing, repositories::Observer& observer);

  history::Repository& repository() { return *repository_; }

  /// Puts the repository that `settings` ask for, open, in the place of the one in force; on the same file.
  /// When it cannot be opened the old one stays.
  void replace(const config::Settings& settings);

 private:
  std::unique_ptr<history::Repository> open(const config::Settings& settings);

  repositories::Observer& observer_;
  std::optional<repositories::ExclusiveFileLock> lock_;
  repositories::SystemClock clock_;
  std::optional<repositories::RepositoryHandle> repository_;
};

/// For a command that only reads: opening would make a database where there is none.
/// Errors: history::Error kNotFound.
void require_database(const std::string& path);

}  // namespace weir::commands
