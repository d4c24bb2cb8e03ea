#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "weir/service/http_message.h"

namespace weir::service {

inline constexpr const char* kRequestIdHeader = "X-Request-Id";

/// Names requests, so that an answer, an error and the lines of the log can be told to belong together.
///
/// Thread-safety: every member may be called from any thread.
class RequestIds {
 public:
  RequestIds();

  /// The name that its caller gives it, where that is 1 to 128 letters, digits and `-_.:`; else a new one.
  /// Anything else would be somebody's text in the log.
  std::string of(const RequestHead& head);

  std::string make();

 private:
  const std::string prefix_;  // another for each start of the program
  std::atomic<std::uint64_t> made_{0};
};

}  // namespace weir::service
