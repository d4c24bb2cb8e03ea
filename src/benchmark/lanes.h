#pragma once

#include <span>

#include "weir/benchmark/lane.h"

namespace weir::benchmark {

/// The lanes in the order in which they are told, each with what it stands for in docs/performance.md.
std::span<const LaneKind> all_lanes();

std::unique_ptr<Lane> open_reference_lane(const LaneSettings& settings, const Workload& workload);
std::unique_ptr<Lane> open_raw_lane(const LaneSettings& settings, const Workload& workload);
std::unique_ptr<Lane> open_limit_lane(const LaneSettings& settings, const Workload& workload);
std::unique_ptr<Lane> open_legacy_lane(const LaneSettings& settings, const Workload& workload);
std::unique_ptr<Lane> open_pooled_lane(const LaneSettings& settings, const Workload& workload);

/// Creates a database of weir's and fills it.
void fill_weir(const std::string& path, const Workload& workload);

}  // namespace weir::benchmark
