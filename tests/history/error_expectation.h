#pragma once

#include <doctest/doctest.h>

#include <string>

#include "weir/history/error.h"

namespace weir::testing {

/// What `call` refuses as the caller's fault: its message. Fails the test when it refuses nothing, otherwise
/// than by kInvalidArgument, or blames another field than `field`.
template <class Call>
std::string refusal(std::string_view field, Call call) {
  try {
    call();
  } catch (const history::Error& error) {
    CHECK(error.code() == history::ErrorCode::kInvalidArgument);
    CHECK(error.field() == field);
    return error.what();
  }
  FAIL_CHECK("nothing was refused; expected of " << field);
  return {};
}

}  // namespace weir::testing
