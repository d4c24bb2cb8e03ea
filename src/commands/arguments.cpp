#include "weir/commands/arguments.h"

#include <iostream>

#include "weir/config/yaml_loader.h"

namespace weir::commands {

std::optional<config::Settings> load_or_report(const ConfigArguments& arguments) {
  const config::LoadedSettings loaded = config::load_settings(arguments.file, arguments.overrides);
  for (const config::Problem& warning : loaded.warnings)
    std::cerr << "warning: " << to_string(warning) << '\n';
  for (const config::Problem& error : loaded.errors) std::cerr << to_string(error) << '\n';
  if (!loaded.errors.empty()) return std::nullopt;
  return loaded.settings;
}

}  // namespace weir::commands
