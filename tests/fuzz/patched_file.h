#pragma once

#include <string>
#include <string_view>

namespace weir::fuzz {

/// `base` with the patches that `bytes` lists: three bytes for a place, one for how many follow, and those;
/// a patch of none cuts the file there. So an input is a few bytes, and stays of use with another base.
std::string patched(std::string base, std::string_view bytes);

/// A file of tests/fuzz/base.
std::string base_file(std::string_view name);

}  // namespace weir::fuzz
