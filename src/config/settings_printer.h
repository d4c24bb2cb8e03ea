#pragma once

#include <string>

#include "weir/config/settings.h"

namespace weir::config {

/// The settings as YAML, every key with one line of why beside it: a valid configuration that gives the same
/// settings.
std::string print_settings(const Settings& settings);

}  // namespace weir::config
