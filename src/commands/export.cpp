#include <iostream>

#include "weir/commands/commands.h"
#include "weir/commands/logging.h"
#include "weir/commands/store.h"
#include "weir/service/jsonl_export.h"

namespace weir::commands {

ExitStatus export_events(const ConfigArguments& config, const std::optional<std::string>& conversation) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  std::optional<history::ConversationId> only;
  if (conversation) only.emplace(*conversation);
  require_database(settings->repository.path);
  repositories::Observer unobserved;
  Store store(config::without_upkeep(*settings), Sharing::kShared, unobserved);
  std::ios::sync_with_stdio(false);
  service::export_jsonl(store.repository(), std::cout, only);
  return kFine;
}

}  // namespace weir::commands
