#include "fuzz/patched_file.h"

#include "fuzz/targets.h"
#include "support/scratch_directory.h"

namespace weir::fuzz {
namespace {

std::size_t number(std::string_view bytes) {
  std::size_t all = 0;
  for (const char c : bytes) all = all * 256 + static_cast<unsigned char>(c);
  return all;
}

}  // namespace

std::string patched(std::string base, std::string_view bytes) {
  constexpr std::size_t kPlace = 3;
  while (bytes.size() > kPlace && !base.empty()) {
    const std::size_t place = number(bytes.substr(0, kPlace)) % base.size();
    const std::string_view patch = bytes.substr(kPlace + 1, number(bytes.substr(kPlace, 1)));
    bytes.remove_prefix(kPlace + 1 + patch.size());
    if (patch.empty()) {
      base.resize(place);
    } else {
      base.replace(place, patch.size(), patch);
    }
  }
  return base;
}

std::string base_file(std::string_view name) {
  std::string bytes = testing::read_file(std::string(WEIR_SOURCE_DIR "/tests/fuzz/base/").append(name));
  require(!bytes.empty(), "the base file is there");
  return bytes;
}

}  // namespace weir::fuzz
