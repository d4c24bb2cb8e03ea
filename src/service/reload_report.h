#pragma once

#include <string>
#include <vector>

namespace weir::service {

/// What became of a reload of the configuration.
struct ReloadReport {
  std::string repository;                   ///< the one in force afterwards
  std::vector<std::string> errors;          ///< empty: the new configuration is in force; else the old one is
  std::vector<std::string> restart_needed;  ///< keys whose new values wait for a restart
};

}  // namespace weir::service
