#pragma once

#include <string>
#include <system_error>

namespace weir::repositories {

/// What the system says of an errno value.
inline std::string system_error_text(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace weir::repositories
