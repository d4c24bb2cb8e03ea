#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/config/problem.h"
#include "weir/config/settings.h"

namespace weir::config {

/// The file that is read when none is named.
inline constexpr std::string_view kDefaultConfigFile = "config.yaml";

struct LoadedSettings {
  Settings settings{};  ///< of use only when there are no errors
  std::vector<Problem> errors;
  std::vector<Problem> warnings;
};

/// The settings of a configuration file with overrides over it, each `key.path=value` with a value in YAML;
/// of two overrides of one key the last counts.
///
/// Without `explicit_file` that is ./config.yaml, or the defaults where there is none.
/// Everything wrong is reported, in the order of the file and then of the overrides; nothing is repaired.
/// Errors: no exception but std::bad_alloc.
/// Blocking: on the disk only.
LoadedSettings load_settings(const std::optional<std::filesystem::path>& explicit_file,
                             std::span<const std::string> overrides);

/// An override that sets `key` to this very text, whatever YAML would make of it.
struct StringOverride {
  std::string_view key;
  std::string_view text;
};
std::string to_override(const StringOverride& override);

}  // namespace weir::config
