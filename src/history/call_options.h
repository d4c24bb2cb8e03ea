#pragma once

#include <chrono>
#include <optional>

namespace weir::history {

struct CallOptions {
  /// How long the whole call may take: queueing, waiting for other processes and running, together (invariant
  /// I6). Absent: the repository's connection_timeout.
  std::optional<std::chrono::nanoseconds> timeout{};
};

}  // namespace weir::history
