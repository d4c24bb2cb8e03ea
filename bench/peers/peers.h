#pragma once

#include <memory>

#include "weir/benchmark/lane.h"

namespace weir::peers {

// What most would write with each library: its defaults, the reference schema in WAL mode, one mutex round
// the writes, and every row read whole.

std::unique_ptr<benchmark::Lane> open_sqlitecpp_lane(const benchmark::LaneSettings& settings,
                                                     const benchmark::Workload& workload);
std::unique_ptr<benchmark::Lane> open_soci_lane(const benchmark::LaneSettings& settings,
                                                const benchmark::Workload& workload);
std::unique_ptr<benchmark::Lane> open_poco_lane(const benchmark::LaneSettings& settings,
                                                const benchmark::Workload& workload);

/// As SOCI's documentation has its pool, and weir's default of max_connections.
inline constexpr int kPoolSize = 10;

}  // namespace weir::peers
