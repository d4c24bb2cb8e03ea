#pragma once

#include <string>

#include "weir/config/logging_options.h"
#include "weir/history/retention_options.h"
#include "weir/repositories/pool_options.h"
#include "weir/repositories/retry_options.h"
#include "weir/repositories/slow_log.h"
#include "weir/repositories/sqlite/repository_options.h"
#include "weir/repositories/sqlite/search_options.h"
#include "weir/repositories/sqlite/sqlite_options.h"
#include "weir/repositories/write_group_options.h"
#include "weir/service/server_options.h"

namespace weir::config {

/// Which repository is built, and on which file.
struct RepositoryOptions {
  std::string path = "data/history.db";  ///< relative to the working directory
  bool enable_pooling = true;            ///< false: the legacy single-connection AsyncSqlRepo
};

/// Everything config.yaml can say. Made by default: what an absent file means.
struct Settings {
  RepositoryOptions repository{};
  repositories::PoolOptions pool{};
  repositories::sqlite::SqliteOptions sqlite{};
  repositories::WriteGroupOptions write_group{};
  repositories::RetryOptions retry{};
  history::RetentionOptions retention{};
  repositories::sqlite::SearchOptions search{};
  repositories::SlowLogOptions slow_log{};
  service::ServerOptions server{};
  LoggingOptions logging{};
  repositories::sqlite::Upkeep upkeep{};  ///< decided by the command, never by the file
};

/// The same for a command that is not there to look after the database. Whoever serves it does.
Settings without_upkeep(Settings settings);

}  // namespace weir::config
