#pragma once

#include <cstdlib>
#include <string>

namespace weir::testing {

/// The number in an environment variable, by which scripts/soak asks for more than scripts/test has time for.
inline int environment_number(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoi(text);
}

}  // namespace weir::testing
