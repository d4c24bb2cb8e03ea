#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "weir/config/settings.h"
#include "weir/config/yaml_loader.h"
#include "weir/service/prometheus_observer.h"
#include "weir/service/reload_report.h"

namespace weir::config {

/// Puts a new configuration in force while calls go on.
///
/// The repository and the log level change at once; every other key waits for a restart, and is named. A
/// configuration with an error, or a repository that cannot be built, changes nothing.
///
/// Thread-safety: every member may be called from any thread; reloads run one after the other.
/// Lifetime: what the ports use outlives it.
/// Blocking: reload() as its ports do.
class Reloader {
 public:
  /// What it works with. The first two may throw std::exception; then nothing has changed.
  struct Ports {
    std::function<LoadedSettings()> load;                    ///< reads the configuration again
    std::function<void(const Settings&)> change_repository;  ///< builds, warms and installs one
    std::function<std::string()> repository_name;            ///< of the one in force
    std::function<void(LogLevel)> change_log_level;
    std::function<void(service::Reload)> count;
  };

  Reloader(Settings in_force, Ports ports);

  /// Never throws what a configuration or a repository is at fault for: that is in the report, logged once
  /// and counted.
  service::ReloadReport reload();

 private:
  service::ReloadReport try_reload();
  service::ReloadReport apply(const Settings& wanted);

  const Ports ports_;

  std::mutex mutex_;
  Settings in_force_;  // guarded by mutex_
};

}  // namespace weir::config
