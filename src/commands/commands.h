#pragma once

#include <optional>
#include <string>

#include "weir/commands/arguments.h"

namespace weir::commands {

// Each command of the program: results to stdout, the log and complaints to stderr.

/// Serves HTTP until SIGTERM or SIGINT, then drains.
ExitStatus serve(const ConfigArguments& config);

/// Prints the effective configuration.
ExitStatus check_config(const ConfigArguments& config);

/// Stores the events of a file of JSON Lines; `-` is standard input.
ExitStatus import_events(const ConfigArguments& config, const std::string& file);

/// Prints all events as JSON Lines, or those of one conversation.
ExitStatus export_events(const ConfigArguments& config, const std::optional<std::string>& conversation);

/// Prints the versions of weir, SQLite and the compiler.
ExitStatus print_version();

}  // namespace weir::commands
