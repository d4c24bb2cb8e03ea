#include "weir/commands/commands.h"
#include "weir/commands/copy.h"
#include "weir/commands/logging.h"
#include "weir/commands/store.h"
#include "weir/repositories/exclusive_file_lock.h"

namespace weir::commands {

ExitStatus backup(const ConfigArguments& config, const std::string& destination) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  copy_and_tell({.from = settings->repository.path, .to = destination});
  return kFine;
}

ExitStatus restore(const ConfigArguments& config, const std::string& source) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  require_database(source);  // before the lock file is made
  const repositories::ExclusiveFileLock lock(settings->repository.path);
  copy_and_tell({.from = source,
                 .to = settings->repository.path,
                 .source = repositories::sqlite::CopyRequest::Source::kChecked});
  return kFine;
}

}  // namespace weir::commands
