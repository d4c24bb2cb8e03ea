#include "fuzz/targets.h"
#include "weir/history/error.h"
#include "weir/history/event_json.h"
#include "weir/history/utf8.h"

namespace weir::fuzz {
namespace {

/// The event as a store would keep it that gives it what it left out.
history::Event stored(const history::NewEvent& event) {
  return {.id = event.id.value_or(history::EventId("id")),
          .conversation_id = event.conversation_id,
          .seq = event.seq.value_or(1),
          .timestamp = event.timestamp.value_or(history::Timestamp{}),
          .type = event.type,
          .role = event.role,
          .content = event.content,
          .tool_calls = event.tool_calls,
          .tool_call_id = event.tool_call_id,
          .model = event.model,
          .usage = event.usage,
          .extra = event.extra.value_or(history::JsonText::empty_object()),
          .token_count = event.token_count.value_or(0),
          .request_id = event.request_id};
}

/// What is printed of an event is read back as that event.
void check_round_trip(const history::NewEvent& event) {
  history::check(event);
  const history::Event first = stored(event);
  const std::string json = history::to_json(first);
  require(history::is_utf8(json), "JSON is UTF-8");
  const history::ImportedEvent again = history::parse_event(json);
  require(stored(again.event) == first, "an event printed and read is the same");
  require(history::to_json(stored(again.event)) == json, "an event prints the same twice");
}

}  // namespace

void try_event(std::string_view bytes) {
  constexpr std::size_t kMostEvents = 8;
  try {
    for (const auto& event : history::parse_events(bytes, history::ConversationId("c"), kMostEvents).events) {
      check_round_trip(event);
    }
  } catch (const history::Error& error) {
    require(error.code() == history::ErrorCode::kInvalidArgument, "what is refused is the caller's fault");
    require(!error.field().empty(), "what is refused is named");
  }
}

}  // namespace weir::fuzz
