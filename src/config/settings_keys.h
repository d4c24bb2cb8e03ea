#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/config/node.h"
#include "weir/config/settings.h"

namespace weir::config {

/// One option of config.yaml: its name, what it may be, and the field it stands for.
struct Key {
  std::string path;
  std::string allowed;  ///< in words, to follow "must be"
  std::string why;      ///< one line, as the shipped config.yaml has it beside the default

  /// Answers the part of the node that is not allowed, and then changes nothing; nullptr when it was taken.
  std::function<const Node*(const Node&, Settings&)> take;

  /// The field's value as YAML.
  std::function<std::string(const Settings&)> print;
};

/// Parts of the file that are weir's own: an unknown key in them is an error.
inline constexpr std::array<std::string_view, 4> kSections = {"chat.service.repository", "server", "metrics",
                                                              "logging"};

/// Every option, in the order of config.yaml. The one table from which reading, errors, suggestions,
/// overrides, printing and the tests of the documentation are derived: a new option is a field and a row
/// here.
const std::vector<Key>& settings_keys();

/// The option with this path; nullptr when there is none.
const Key* find_key(std::string_view path);

/// Whether `path` is a map that holds options, now or in later versions: `chat`, `server`, `metrics`.
bool is_group(std::string_view path);

/// Whether `path` is a section of weir's own, or lies inside one.
bool is_in_section(std::string_view path);

}  // namespace weir::config
