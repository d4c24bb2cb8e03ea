#include "weir/benchmark/lanes.h"

#include <array>

#include "weir/benchmark/reference_schema.h"

namespace weir::benchmark {

std::span<const LaneKind> all_lanes() {
  static constexpr std::array<LaneKind, 5> kLanes = {{
      {"reference", "reference", true, fill_reference, open_reference_lane},
      {"raw", "reference", true, fill_reference, open_raw_lane},
      {"limit", "weir", false, fill_weir, open_limit_lane},
      {"legacy", "weir", false, fill_weir, open_legacy_lane},
      {"pooled", "weir", false, fill_weir, open_pooled_lane},
  }};
  return kLanes;
}

}  // namespace weir::benchmark
