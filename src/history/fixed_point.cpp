#include "weir/history/fixed_point.h"

namespace weir::history {

std::optional<FixedPoint> FixedPoint::parse(std::string_view) {
  return std::nullopt;
}

std::string FixedPoint::to_string() const {
  return {};
}

}  // namespace weir::history
