// One target as libFuzzer calls it; WEIR_FUZZ_TARGET is its function.

#include <cstddef>
#include <cstdint>

#include "fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::fuzz::WEIR_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
