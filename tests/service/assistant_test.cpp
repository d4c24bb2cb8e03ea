#include "weir/service/assistant.h"

#include <doctest/doctest.h>

#include "weir/history/error.h"

using namespace weir::service;

TEST_CASE("assistant: the echo says the message back, and that it is an echo") {
  const auto assistant = make_assistant("echo");
  CHECK(assistant->name() == "echo");
  CHECK(assistant->reply({}, "good morning") == "Echo: good morning");
}

TEST_CASE("assistant: an unknown name is refused by its key") {
  try {
    make_assistant("oracle");
    FAIL("it was made");
  } catch (const weir::history::Error& error) {
    CHECK(error.field() == "server.assistant");
  }
}
