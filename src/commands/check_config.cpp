#include <iostream>

#include "weir/commands/commands.h"
#include "weir/config/settings_printer.h"

namespace weir::commands {

ExitStatus check_config(const ConfigArguments& config) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  std::cout << config::print_settings(*settings);
  return kFine;
}

}  // namespace weir::commands
