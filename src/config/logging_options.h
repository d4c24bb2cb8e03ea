#pragma once

namespace weir::config {

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError };
enum class LogFormat { kText, kJson };

/// What is logged to stderr, and how.
struct LoggingOptions {
  LogLevel level = LogLevel::kInfo;  ///< the least severe that is shown
  LogFormat format = LogFormat::kText;
};

}  // namespace weir::config
