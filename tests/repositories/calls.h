#pragma once

#include <functional>
#include <string>

#include "weir/history/error.h"
#include "weir/repositories/call.h"

namespace weir::testing {

/// A call that arrives now and waits as long as `patience` allows.
inline repositories::Call call_now(const repositories::Clock& clock,
                                   repositories::Duration patience = std::chrono::hours{1},
                                   repositories::Operation operation = repositories::Operation::kEvents) {
  return {operation, clock.now(), clock.now() + patience};
}

/// How a call that must fail did: `code: message`, or "no error".
inline std::string failure_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const history::Error& error) {
    return std::string(to_string(error.code())) + ": " + error.what();
  }
  return "no error";
}

}  // namespace weir::testing
