#include "weir/repositories/write_ticket.h"

#include <map>
#include <mutex>

namespace weir::repositories {
namespace {

struct Registry {
  std::mutex mutex;
  std::map<FileId, std::weak_ptr<WriteTicket>> tickets;  // guarded by mutex
};

Registry& registry() {
  static Registry the_registry;
  return the_registry;
}

}  // namespace

std::shared_ptr<WriteTicket> write_ticket_of(const FileId& file, const std::string& file_name, Clock& clock) {
  Registry& all = registry();
  const std::lock_guard lock(all.mutex);
  std::erase_if(all.tickets, [](const auto& entry) { return entry.second.expired(); });
  if (auto found = all.tickets[file].lock()) return found;
  auto made = std::make_shared<WriteTicket>(file_name, clock);
  all.tickets[file] = made;
  return made;
}

}  // namespace weir::repositories
