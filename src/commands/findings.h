#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weir::commands {

/// Something that was looked at, and what there is to say of it.
struct Finding {
  enum class Level {
    kOk,
    kNote,  ///< nothing is wrong, but there is something to know
    kFail
  };

  Level level;
  std::string what;         ///< was looked at
  std::string text;         ///< what is there
  std::string advice = {};  ///< what to do
};

using Findings = std::vector<Finding>;

/// As "20.5 MiB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace weir::commands
