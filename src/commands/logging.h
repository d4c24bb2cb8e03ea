#pragma once

#include "weir/config/logging_options.h"

namespace weir::commands {

/// Sends the program's log to stderr in the given form from now on.
/// From now on the log tells what is at least of this level.
/// Thread-safety: may be called from any thread.
void set_log_level(config::LogLevel level);

void start_logging(const config::LoggingOptions& options);

}  // namespace weir::commands
