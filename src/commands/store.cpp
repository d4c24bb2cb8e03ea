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

Store::Store(const config::Settings& settings, Sharing sharing, repositories::Observer& observer) {
  if (sharing == Sharing::kExclusive) lock_.emplace(settings.repository.path);
  repository_ = config::make_repository(settings, {clock_, observer, random_seed()});
  repository_->open();
}

}  // namespace weir::commands
