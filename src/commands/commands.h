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

/// Writes all events to a new database of the reference service.
ExitStatus export_reference(const ConfigArguments& config, const std::string& file);

struct MigrateArguments {
  std::string file;
  bool is_dry_run = false;
};

/// Makes a database of the reference service one of weir's. Prints what was changed to stderr, and counts to
/// stdout.
ExitStatus migrate(const ConfigArguments& config, const MigrateArguments& arguments);

/// Copies the database, which may be in use, to a new file.
ExitStatus backup(const ConfigArguments& config, const std::string& destination);

/// Puts a copy in the place of a database that is not there.
ExitStatus restore(const ConfigArguments& config, const std::string& source);

struct DoctorArguments {
  bool is_full = false;
};

/// Looks at the database and all around it, changes nothing, and prints what it finds to stdout.
ExitStatus doctor(const ConfigArguments& config, const DoctorArguments& arguments);

/// Prints the versions of weir, SQLite and the compiler.
ExitStatus print_version();

}  // namespace weir::commands
