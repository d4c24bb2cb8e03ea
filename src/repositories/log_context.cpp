#include "weir/repositories/log_context.h"

namespace weir::repositories {
namespace {

thread_local std::string_view current;

}  // namespace

LogContext::LogContext(std::string_view request) : outer_(current) {
  current = request;
}

LogContext::~LogContext() {
  current = outer_;
}

std::string_view LogContext::request() {
  return current;
}

}  // namespace weir::repositories
