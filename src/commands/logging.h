#pragma once

#include "weir/config/logging_options.h"

namespace weir::commands {

/// Sends the program's log to stderr in the given form from now on.
void start_logging(const config::LoggingOptions& options);

}  // namespace weir::commands
