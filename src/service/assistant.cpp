#include "weir/service/assistant.h"

#include "weir/history/error.h"

namespace weir::service {

namespace {

/// How much of `text` its first few words are, the space behind them included.
std::size_t length_of_piece(std::string_view text) {
  constexpr int kWordsAPiece = 3;
  std::size_t end = 0;
  for (int words = 0; words < kWordsAPiece; ++words) {
    const std::size_t space = text.find(' ', end);
    if (space == std::string_view::npos) return text.size();
    end = space + 1;
  }
  return end;
}

}  // namespace

void EchoAssistant::reply(const std::vector<history::Event>&, std::string_view message, PieceSink say) {
  const std::string answer = std::string("Echo: ").append(message);
  for (std::string_view rest = answer; !rest.empty();) {
    const std::size_t length = length_of_piece(rest);
    say(rest.substr(0, length));
    rest.remove_prefix(length);
  }
}

std::unique_ptr<Assistant> make_assistant(std::string_view name) {
  if (name == "echo") return std::make_unique<EchoAssistant>();
  throw history::invalid("server.assistant", "must be echo");
}

}  // namespace weir::service
