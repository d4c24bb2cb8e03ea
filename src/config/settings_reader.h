#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weir/config/node.h"
#include "weir/config/problem.h"
#include "weir/config/settings.h"
#include "weir/config/settings_keys.h"

namespace weir::config {

/// What becomes of unknown keys outside weir's own sections: a file may be shared with an application, a
/// command line is for weir alone.
enum class Outside { kWarn, kRefuse };

/// Where a tree comes from.
struct Origin {
  std::string source;  ///< what problems name
  Outside outside;
};

/// Reads trees into settings, a later one over the earlier ones, and keeps all that is wrong with them.
///
/// Thread-safety: one thread at a time.
class SettingsReader {
 public:
  void read(const Origin& origin, const Node& root);

  /// To be called after the last tree: judges what several keys say together.
  void check_together();

  const Settings& settings() const { return settings_; }
  const std::vector<Problem>& errors() const { return errors_; }
  const std::vector<Problem>& warnings() const { return warnings_; }

 private:
  /// Where a key was given last, and whether it was taken.
  struct Given {
    Problem place;
    bool taken;
  };

  void read_map(const Origin& origin, std::string_view path, const Node& map);
  void read_entry(const Origin& origin, const std::string& path, const Node& node);
  void read_value(const Origin& origin, const Key& key, const Node& node);
  void report_unknown(const Origin& origin, const std::string& path, const Node& node);
  void check_pool();

  Settings settings_{};
  std::vector<Problem> errors_;
  std::vector<Problem> warnings_;
  std::map<std::string, Given> given_;  // by key path
};

}  // namespace weir::config
