#pragma once

#include <cstdint>
#include <string>

namespace weir::history {

/// 128 bits in the form of a UUID, in lower case; version and variant are the caller's.
std::string uuid_text(std::uint64_t high, std::uint64_t low);

}  // namespace weir::history
