#include "weir/config/reloader.h"

#include <spdlog/spdlog.h>

#include <exception>

#include "weir/config/settings_keys.h"

namespace weir::config {
namespace {

using service::ReloadReport;

/// What of `wanted` can be had without a restart, the rest as it is.
Settings live_part(const Settings& wanted, const Settings& in_force) {
  Settings next = wanted;
  next.repository.path = in_force.repository.path;
  next.sqlite.locking = in_force.sqlite.locking;  // two repositories on a file lock it alike
  next.server = in_force.server;
  next.logging.format = in_force.logging.format;
  return next;
}

/// The keys below `section` that the two have otherwise.
std::vector<std::string> changed_keys(const Settings& a, const Settings& b, std::string_view section) {
  std::vector<std::string> changed;
  for (const Key& key : settings_keys()) {
    if (key.path.starts_with(section) && key.print(a) != key.print(b)) changed.push_back(key.path);
  }
  return changed;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return all;
}

void log(const ReloadReport& report) {
  if (!report.errors.empty()) {
    spdlog::error("reload failed, the old configuration is still in force: {}", joined(report.errors));
    return;
  }
  spdlog::info("reloaded: {}", report.repository);
  if (!report.restart_needed.empty()) {
    spdlog::warn("reloaded, but these keys wait for a restart: {}", joined(report.restart_needed));
  }
}

}  // namespace

Reloader::Reloader(Settings in_force, Ports ports)
    : ports_(std::move(ports)), in_force_(std::move(in_force)) {}

ReloadReport Reloader::reload() {
  const std::lock_guard lock(mutex_);
  ReloadReport report = try_reload();
  report.repository = ports_.repository_name();
  ports_.count(report.errors.empty() ? service::Reload::kOk : service::Reload::kFailed);
  log(report);
  return report;
}

ReloadReport Reloader::try_reload() {
  ReloadReport report;
  try {
    const LoadedSettings loaded = ports_.load();
    if (loaded.errors.empty()) return apply(loaded.settings);
    for (const Problem& error : loaded.errors) report.errors.push_back(to_string(error));
  } catch (const std::exception& error) {
    report.errors.emplace_back(error.what());
  }
  return report;
}

ReloadReport Reloader::apply(const Settings& wanted) {
  const Settings next = live_part(wanted, in_force_);
  if (!changed_keys(next, in_force_, "chat.service.repository").empty()) ports_.change_repository(next);
  ports_.change_log_level(next.logging.level);
  in_force_ = next;
  return {.repository = {}, .errors = {}, .restart_needed = changed_keys(wanted, next, "")};
}

}  // namespace weir::config
