#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "weir/config/problem.h"

namespace weir::config {

inline constexpr std::size_t kMostConfigBytes = 64 * 1024;

enum class IfAbsent { kNothing, kProblem };

/// The file's bytes; absent when there are none to read, with a problem added unless that is fine.
///
/// Blocking: on the disk only; a FIFO, a device or a directory is refused at once.
std::optional<std::string> read_config_file(const std::filesystem::path& file, IfAbsent if_absent,
                                            std::vector<Problem>& problems);

}  // namespace weir::config
