#pragma once

#include <string>
#include <string_view>

namespace weir::config {

/// Whether only a probable slip is of interest, or whatever comes nearest.
enum class Nearness { kAny, kSlip };

/// The known key or group that an unknown path most likely means, as `, did you mean server.listen?`.
/// Empty when nothing is near enough.
std::string suggestion(std::string_view unknown, Nearness nearness);

}  // namespace weir::config
