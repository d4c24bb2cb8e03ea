#include "weir/commands/logging.h"

#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <string>

#include "weir/history/json_writer.h"
#include "weir/history/timestamp.h"
#include "weir/history/utf8.h"
#include "weir/repositories/log_context.h"

namespace weir::commands {
namespace {

/// One JSON object a line: `{"time","level","message","request_id"}`, the last where a request is worked for.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto time = std::chrono::floor<std::chrono::microseconds>(message.time);
    const std::string_view text(message.payload.data(), message.payload.size());
    const auto level = spdlog::level::to_string_view(message.level);
    std::string line;
    history::JsonWriter json(line);
    json.begin_object();
    json.key("time").string(history::format_timestamp(time));
    json.key("level").string(std::string_view(level.data(), level.size()));
    json.key("message").string(history::is_utf8(text) ? text : "(not UTF-8)");
    const std::string_view request = repositories::LogContext::request();
    if (!request.empty()) json.key("request_id").string(request);
    json.end_object();
    line += '\n';
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

/// `%*` in a pattern: ` request_id=ID`, where a request is worked for.
class RequestFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg&, const std::tm&, spdlog::memory_buf_t& out) override {
    const std::string_view request = repositories::LogContext::request();
    if (request.empty()) return;
    const std::string text = " request_id=" + std::string(request);
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override {
    return std::make_unique<RequestFlag>();
  }
};

std::unique_ptr<spdlog::formatter> make_text_formatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<RequestFlag>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v%*");
  return formatter;
}

spdlog::level::level_enum level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::kTrace:
      return spdlog::level::trace;
    case config::LogLevel::kDebug:
      return spdlog::level::debug;
    case config::LogLevel::kInfo:
      return spdlog::level::info;
    case config::LogLevel::kWarn:
      return spdlog::level::warn;
    case config::LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void set_log_level(config::LogLevel level) {
  spdlog::default_logger_raw()->set_level(level_of(level));
}

void start_logging(const config::LoggingOptions& options) {
  auto logger = std::make_shared<spdlog::logger>("weir", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  if (options.format == config::LogFormat::kJson) {
    logger->set_formatter(std::make_unique<JsonFormatter>());
  } else {
    logger->set_formatter(make_text_formatter());
  }
  spdlog::set_default_logger(std::move(logger));
  set_log_level(options.level);
}

}  // namespace weir::commands
