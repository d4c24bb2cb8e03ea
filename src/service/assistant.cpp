#include "weir/service/assistant.h"

#include "weir/history/error.h"

namespace weir::service {

std::string EchoAssistant::reply(const std::vector<history::Event>&, std::string_view message) {
  return std::string("Echo: ").append(message);
}

std::unique_ptr<Assistant> make_assistant(std::string_view name) {
  if (name == "echo") return std::make_unique<EchoAssistant>();
  throw history::invalid("server.assistant", "must be echo");
}

}  // namespace weir::service
