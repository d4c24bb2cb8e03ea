#include "weir/history/event_view.h"

#include <string>

namespace weir::history {
namespace {

template <class Owner>
std::optional<std::string_view> view(const std::optional<Owner>& owner,
                                     const std::string& (Owner::*text)() const noexcept) {
  if (!owner) return std::nullopt;
  return ((*owner).*text)();
}

template <class Id>
std::optional<Id> stored(const std::optional<std::string_view>& text) {
  if (!text) return std::nullopt;
  return Id::stored(*text);
}

}  // namespace

EventView view_of(const Event& event) {
  EventView found{.id = event.id.value(), .conversation_id = event.conversation_id.value()};
  found.seq = event.seq;
  found.timestamp = event.timestamp;
  found.type = event.type;
  found.role = event.role;
  if (event.content) found.content = ContentView{event.content->form(), event.content->raw()};
  found.tool_calls = view(event.tool_calls, &JsonText::text);
  found.tool_call_id = view(event.tool_call_id, &ToolCallId::value);
  if (event.model) found.model = *event.model;
  found.usage = event.usage;
  found.extra = event.extra.text();
  found.token_count = event.token_count;
  found.request_id = view(event.request_id, &RequestId::value);
  return found;
}

Event to_event(const EventView& view) {
  Event event{EventId::stored(view.id), ConversationId::stored(view.conversation_id)};
  event.seq = view.seq;
  event.timestamp = view.timestamp;
  event.type = view.type;
  event.role = view.role;
  if (view.content) event.content = Content::stored(view.content->form, std::string(view.content->raw));
  if (view.tool_calls) event.tool_calls = JsonText::stored(std::string(*view.tool_calls));
  event.tool_call_id = stored<ToolCallId>(view.tool_call_id);
  if (view.model) event.model = std::string(*view.model);
  event.usage = view.usage;
  event.extra = JsonText::stored(std::string(view.extra));
  event.token_count = view.token_count;
  event.request_id = stored<RequestId>(view.request_id);
  return event;
}

}  // namespace weir::history
