#pragma once

#include <cstdlib>
#include <string>

namespace weir::testing {

/// The number in an environment variable, by which scripts/soak asks for more than scripts/test has time for.
inline int environment_number(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoi(text);
}

/// How many of something that takes long; a tenth of it where a sanitizer makes everything slow.
inline int environment_sample(const char* name, int otherwise) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int kShare = 10;
#else
  constexpr int kShare = 1;
#endif
  return environment_number(name, otherwise / kShare);
}

}  // namespace weir::testing
