#pragma once

#include <cstdint>
#include <string>

#include "weir/history/retention_options.h"
#include "weir/repositories/observer.h"
#include "weir/repositories/pool_options.h"
#include "weir/repositories/retry_options.h"
#include "weir/repositories/slow_log.h"
#include "weir/repositories/sqlite/search_options.h"
#include "weir/repositories/sqlite/sqlite_options.h"
#include "weir/repositories/write_group_options.h"

namespace weir::repositories::sqlite {

/// Whether a repository looks after its database beside the calls: retention, indexing for search, removing
/// what was deleted.
enum class Upkeep { kBesideCalls, kNone };

/// Everything about a repository that configuration decides.
struct RepositoryOptions {
  std::string path = "data/history.db";
  PoolOptions pool{};
  SqliteOptions sqlite{};
  RetryOptions retry{};
  WriteGroupOptions write_group{};  ///< AsyncSqlRepo, which stores one write at a time, has no use for it
  history::RetentionOptions retention{};  ///< what is applied in the background, beside the calls
  SearchOptions search{};
  SlowLogOptions slow_log{};
  Upkeep upkeep = Upkeep::kBesideCalls;
};

/// What a repository takes from the outside, so that a test can stand in for it.
///
/// Lifetime: outlives the repository; `clock` also every other repository on the same file, for they share
/// the write ticket.
struct Environment {
  Clock& clock;
  Observer& observer;
  std::uint64_t seed;  ///< of jitter and ids; two repositories of one seed give out the same ids
};

}  // namespace weir::repositories::sqlite
