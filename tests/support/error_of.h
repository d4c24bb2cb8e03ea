#pragma once

#include <doctest/doctest.h>

#include <stdexcept>

#include "weir/history/error.h"

namespace weir::testing {

/// The Error that `call` throws.
template <class Call>
history::Error error_of(Call call) {
  try {
    call();
  } catch (const history::Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw std::logic_error("not reached");
}

}  // namespace weir::testing
