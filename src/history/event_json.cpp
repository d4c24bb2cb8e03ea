#include "weir/history/event_json.h"

#include "weir/history/event_sax.h"
#include "weir/history/json_writer.h"

namespace weir::history {
namespace {

template <class T, class Write>
void member(JsonWriter& json, Field field, const std::optional<T>& value, Write write) {
  json.key(to_string(field));
  if (value) {
    write(*value);
  } else {
    json.null();
  }
}

void write_usage(JsonWriter& json, const Usage& usage) {
  json.begin_object();
  json.key("prompt_tokens").integer(usage.prompt_tokens);
  json.key("completion_tokens").integer(usage.completion_tokens);
  json.key("total_tokens").integer(usage.total_tokens);
  json.end_object();
}

void write_content(JsonWriter& json, const Content& content) {
  if (content.form() == Content::Form::kText) {
    json.string(content.raw());
  } else {
    json.raw(content.raw());
  }
}

}  // namespace

ImportedEvent parse_event(std::string_view json, const std::optional<ConversationId>& conversation) {
  EventSax sax(conversation, EventSax::Lists::kRefused);
  parse_with(sax, json);
  return std::move(sax.events().front());
}

ParsedEvents parse_events(std::string_view json, const ConversationId& conversation, std::size_t max_events) {
  EventSax sax(conversation, EventSax::Lists::kAllowed, max_events);
  parse_with(sax, json);
  ParsedEvents parsed;
  parsed.is_list = sax.is_list();
  parsed.events.reserve(sax.events().size());
  for (ImportedEvent& read : sax.events()) parsed.events.push_back(std::move(read.event));
  return parsed;
}

void append_json(std::string& out, const Event& event) {
  JsonWriter json(out);
  const auto write_id = [&json](const auto& id) { json.string(id.value()); };
  const auto write_json = [&json](const JsonText& text) { json.raw(text.text()); };
  json.begin_object();
  json.key(to_string(Field::kId)).string(event.id.value());
  json.key(to_string(Field::kConversationId)).string(event.conversation_id.value());
  json.key(to_string(Field::kSeq)).integer(event.seq);
  json.key(to_string(Field::kTimestamp)).string(format_timestamp(event.timestamp));
  json.key(to_string(Field::kType)).string(to_string(event.type));
  member(json, Field::kRole, event.role, [&json](Role role) { json.string(to_string(role)); });
  member(json, Field::kContent, event.content,
         [&json](const Content& content) { write_content(json, content); });
  member(json, Field::kToolCalls, event.tool_calls, write_json);
  member(json, Field::kToolCallId, event.tool_call_id, write_id);
  member(json, Field::kModel, event.model, [&json](const std::string& model) { json.string(model); });
  member(json, Field::kUsage, event.usage, [&json](const Usage& usage) { write_usage(json, usage); });
  json.key(to_string(Field::kExtra)).raw(event.extra.text());
  json.key(to_string(Field::kTokenCount)).integer(event.token_count);
  member(json, Field::kRequestId, event.request_id, write_id);
  json.end_object();
}

std::string to_json(const Event& event) {
  std::string out;
  append_json(out, event);
  return out;
}

}  // namespace weir::history
