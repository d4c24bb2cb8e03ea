#pragma once

#include <optional>
#include <string>
#include <vector>

#include "weir/config/settings.h"

namespace weir::commands {

/// How a command ends; the process's exit status.
enum ExitStatus : int { kFine = 0, kFailed = 1, kUsage = 2 };

/// Where a command takes its configuration from: options that every command has.
struct ConfigArguments {
  std::optional<std::string> file;     ///< --config
  std::vector<std::string> overrides;  ///< --set, in order
};

/// The settings, with everything wrong and doubtful about them on stderr. Absent when something was wrong.
std::optional<config::Settings> load_or_report(const ConfigArguments& arguments);

}  // namespace weir::commands
