#pragma once

#include <memory>

#include "weir/config/settings.h"
#include "weir/history/repository.h"
#include "weir/repositories/sqlite/repository_options.h"

namespace weir::config {

/// The repository that the settings ask for: PooledSqlRepo, or with `enable_pooling: false` AsyncSqlRepo.
/// The one place that chooses. It opens nothing yet.
///
/// Lifetime: `environment` outlives the repository.
std::unique_ptr<history::Repository> make_repository(const Settings& settings,
                                                     const repositories::sqlite::Environment& environment);

}  // namespace weir::config
