#include "weir/history/summariser.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "weir/history/utf8.h"

using namespace weir::history;

namespace {

Event message(EventType type, const std::string& text) {
  Event event{.id = EventId("e"), .conversation_id = ConversationId("c"), .type = type};
  event.content = Content::text(text);
  return event;
}

Event user(const std::string& text) {
  return message(EventType::kUserMessage, text);
}

Event assistant(const std::string& text) {
  return message(EventType::kAssistantMessage, text);
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

TEST_CASE("summariser: what fits is kept whole, in order, behind its speaker") {
  ExtractiveSummariser summariser;
  CHECK(summariser.summarise({user("I like green tea. Do you?"), assistant("Green tea is fine.")}) ==
        "user: I like green tea.\nuser: Do you?\nassistant: Green tea is fine.");
}

TEST_CASE("summariser: of more than fits, the sentences stay that say what is talked about") {
  ExtractiveSummariser summariser;
  std::vector<Event> messages;
  for (int i = 0; i < 20; ++i) {
    messages.push_back(user("The Darjeeling order number " + std::to_string(i) + " has arrived."));
    messages.push_back(assistant("Zwiebelkuchen" + std::to_string(i) + " quetzal" + std::to_string(i) + "."));
  }
  const std::string summary = summariser.summarise(messages);
  CHECK(characters(summary) <= kSummaryCharacters);
  CHECK(summary.find("Darjeeling order number 3 ") != std::string::npos);
  CHECK(summary.find("Zwiebelkuchen") == std::string::npos);
  CHECK(summary == summariser.summarise(messages));
}

TEST_CASE("summariser: a sentence said twice is told once") {
  ExtractiveSummariser summariser;
  CHECK(summariser.summarise({user("Order tea."), user("Order tea.")}) == "user: Order tea.");
}

TEST_CASE("summariser: long sentences without an end are cut between characters") {
  ExtractiveSummariser summariser;
  std::string endless;
  for (int i = 0; i < 400; ++i) endless += "\xC3\xA4";
  const std::string summary = summariser.summarise({user(endless)});
  CHECK(is_utf8(summary));
  CHECK_FALSE(summary.empty());
  CHECK(characters(summary) <= kSummaryCharacters);
}

TEST_CASE("summariser: messages without text make an empty summary") {
  ExtractiveSummariser summariser;
  Event silent = user("");
  silent.content.reset();
  CHECK(summariser.summarise({silent, user(" ")}).empty());
  CHECK(summariser.summarise({}).empty());
}
