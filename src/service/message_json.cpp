#include "weir/service/message_json.h"

namespace weir::service {

using history::Content;
using history::Role;

void write_message(history::JsonWriter& json, const history::Event& message) {
  // Whatever role the event was given: a model knows messages by these two.
  const Role role = message.type == history::EventType::kUserMessage ? Role::kUser : Role::kAssistant;
  if (!message.content) return write_message(json, role, {});
  if (message.content->form() == Content::Form::kText)
    return write_message(json, role, message.content->raw());
  json.begin_object()
      .key("role")
      .string(to_string(role))
      .key("content")
      .raw(message.content->raw())
      .end_object();
}

void write_message(history::JsonWriter& json, Role role, std::string_view text) {
  json.begin_object().key("role").string(to_string(role)).key("content").string(text).end_object();
}

}  // namespace weir::service
