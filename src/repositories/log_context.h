#pragma once

#include <string_view>

namespace weir::repositories {

/// Says for which request this thread works, so that each line it logs meanwhile can name it.
///
/// A log call knows nothing of its caller's caller, so this is kept with the thread; nothing but the log
/// reads it.
///
/// Thread-safety: each thread has its own. Lifetime: the text outlives it; they nest.
class [[nodiscard]] LogContext {
 public:
  explicit LogContext(std::string_view request);
  LogContext(const LogContext&) = delete;
  LogContext& operator=(const LogContext&) = delete;
  ~LogContext();

  /// The request that the calling thread works for; empty when it works for none.
  static std::string_view request();

 private:
  const std::string_view outer_;
};

}  // namespace weir::repositories
