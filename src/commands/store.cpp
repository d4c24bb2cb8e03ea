#include "weir/commands/store.h"

#include <random>

#include "weir/config/factory.h"

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
  repository_->replace(open(settings));
}

}  // namespace weir::commands
