#include "weir/commands/store.h"

#include <filesystem>
#include <random>

#include "weir/config/factory.h"
#include "weir/history/error.h"

namespace weir::commands {
namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

}  // namespace

Store::Store(const config::Settings& settings, Sharing sharing, repositories::Observer& observer)
    : observer_(observer) {
  if (sharing == Sharing::kExclusive) lock_.emplace(settings.repository.path);
  repository_.emplace(open(settings));
}

std::unique_ptr<history::Repository> Store::open(const config::Settings& settings) {
  auto repository = config::make_repository(settings, {clock_, observer_, random_seed()});
  repository->open();
  return repository;
}

void Store::replace(const config::Settings& settings) {
  const history::RepositoryHealth health = repository_->health();
  if (health.status == history::RepositoryHealth::Status::kFailed) {
    // Only a restart begins anew: somebody has to look first.
    throw history::Error(history::ErrorCode::kUnavailable,
                         "the database is not to be trusted: " + health.reason);
  }
  if (!std::filesystem::exists(settings.repository.path)) {
    throw history::Error(history::ErrorCode::kUnavailable, settings.repository.path + " is no longer there");
  }
  repository_->replace(open(settings));
}

void require_database(const std::string& path) {
  if (std::filesystem::exists(path)) return;
  throw history::Error(history::ErrorCode::kNotFound, "there is no database at " + path);
}

}  // namespace weir::commands
