#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "weir/commands/findings.h"
#include "weir/config/settings.h"
#include "weir/repositories/sqlite/inspection.h"

namespace weir::commands {

/// Who uses the database, as the locks tell.
struct Users {
  std::optional<pid_t> server;  ///< the weir that serves or changes it
  std::vector<pid_t> others;    ///< other processes that have it open

  bool is_anybody() const { return server.has_value() || !others.empty(); }
};
Users users_of(const std::string& path);

// What can be seen of a database, which is there, without reading it.

Findings look_at_files(const std::string& path);
Findings look_at_file_system(const config::Settings& settings);
Findings look_at_users(const Users& users);
Findings look_at_log(const config::Settings& settings, const Users& users);

}  // namespace weir::commands
