#include "weir/config/factory.h"

#include "weir/repositories/sqlite/async_sql_repo.h"
#include "weir/repositories/sqlite/pooled_sql_repo.h"

namespace weir::config {

Settings without_upkeep(Settings settings) {
  settings.upkeep = repositories::sqlite::Upkeep::kNone;
  return settings;
}

std::unique_ptr<history::Repository> make_repository(const Settings& settings,
                                                     const repositories::sqlite::Environment& environment) {
  const repositories::sqlite::RepositoryOptions options{.path = settings.repository.path,
                                                        .pool = settings.pool,
                                                        .sqlite = settings.sqlite,
                                                        .retry = settings.retry,
                                                        .write_group = settings.write_group,
                                                        .retention = settings.retention,
                                                        .search = settings.search,
                                                        .slow_log = settings.slow_log,
                                                        .upkeep = settings.upkeep};
  if (settings.repository.enable_pooling) {
    return std::make_unique<repositories::sqlite::PooledSqlRepo>(options, environment);
  }
  return std::make_unique<repositories::sqlite::AsyncSqlRepo>(options, environment);
}

}  // namespace weir::config
