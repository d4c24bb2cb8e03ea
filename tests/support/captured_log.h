#pragma once

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace weir::testing {

/// Stands in for the program's log while it lives, and keeps what is written to it.
class CapturedLog {
 public:
  CapturedLog() : former_(spdlog::default_logger()) {
    auto logger =
        std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
    logger->set_pattern("%l: %v");
    spdlog::set_default_logger(std::move(logger));
  }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;
  ~CapturedLog() { spdlog::set_default_logger(former_); }

  /// Each as `level: message`.
  std::vector<std::string> lines() const {
    std::istringstream text(text_.str());
    std::vector<std::string> found;
    for (std::string line; std::getline(text, line);) found.push_back(line);
    return found;
  }

 private:
  std::shared_ptr<spdlog::logger> former_;
  std::ostringstream text_;
};

}  // namespace weir::testing
