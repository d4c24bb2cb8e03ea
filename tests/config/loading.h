#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/scratch_directory.h"
#include "weir/config/yaml_loader.h"

namespace weir::testing {

/// Each problem as it is printed, its file without the directory.
inline std::vector<std::string> printed(const std::vector<config::Problem>& problems) {
  std::vector<std::string> lines;
  for (config::Problem problem : problems) {
    problem.source = std::filesystem::path(problem.source).filename();
    lines.push_back(to_string(problem));
  }
  return lines;
}

/// What a file `t.yaml` with this text loads as.
inline config::LoadedSettings load_text(std::string_view text,
                                        const std::vector<std::string>& overrides = {}) {
  const ScratchDirectory directory;
  return config::load_settings(directory.write("t.yaml", text), overrides);
}

/// The errors of that file, printed, with a line break after each.
inline std::string errors_of(std::string_view text, const std::vector<std::string>& overrides = {}) {
  std::string all;
  for (const std::string& line : printed(load_text(text, overrides).errors)) all += line + '\n';
  return all;
}

inline std::string warnings_of(std::string_view text) {
  std::string all;
  for (const std::string& line : printed(load_text(text).warnings)) all += line + '\n';
  return all;
}

}  // namespace weir::testing
