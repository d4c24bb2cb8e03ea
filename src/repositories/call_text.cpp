#include "weir/repositories/call_text.h"

namespace weir::repositories {
namespace {

std::string milliseconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + " ms";
}

}  // namespace

std::string describe_holder(Operation operation, Duration held) {
  return std::string(to_string(operation)) + " for " + milliseconds(held);
}

std::string describe_timed_out(const std::string& queue, const Call& call, TimePoint now, std::size_t place) {
  return queue + ": " + std::string(to_string(call.operation)) + " waited " +
         milliseconds(now - call.arrived) + " in place " + std::to_string(place) + " and timed out";
}

}  // namespace weir::repositories
