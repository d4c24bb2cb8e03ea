#include "weir/service/assistant.h"

#include <doctest/doctest.h>

#include "weir/history/error.h"

using namespace weir::service;

namespace {

std::vector<std::string> pieces_of(Assistant& assistant, std::string_view message) {
  std::vector<std::string> pieces;
  assistant.reply({}, message, [&](std::string_view piece) { pieces.emplace_back(piece); });
  return pieces;
}

}  // namespace

TEST_CASE("assistant: the echo says the message back, and that it is an echo") {
  const auto assistant = make_assistant("echo");
  CHECK(assistant->name() == "echo");
  CHECK(pieces_of(*assistant, "good morning") == std::vector<std::string>{"Echo: good morning"});
}

TEST_CASE("assistant: the echo speaks a few words at a time, and loses none") {
  EchoAssistant echo;
  CHECK(pieces_of(echo, "a b c d e f  g") == std::vector<std::string>{"Echo: a b ", "c d e ", "f  g"});
  CHECK(pieces_of(echo, " ") == std::vector<std::string>{"Echo:  "});
}

TEST_CASE("assistant: an unknown name is refused by its key") {
  try {
    make_assistant("oracle");
    FAIL("it was made");
  } catch (const weir::history::Error& error) {
    CHECK(error.field() == "server.assistant");
  }
}
