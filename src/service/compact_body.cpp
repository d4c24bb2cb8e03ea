#include "weir/service/compact_body.h"

#include "weir/history/error.h"
#include "weir/history/event_json.h"
#include "weir/history/json_writer.h"
#include "weir/service/json_body.h"

namespace weir::service {

using history::NewEvent;

namespace {

/// The members that an event has too, read as those of one.
NewEvent message_of(const JsonBody& body, const history::ConversationId& conversation) {
  std::string json;
  history::JsonWriter writer(json);
  writer.begin_object().key("type").string("assistant_message");
  for (const char* field : {"content", "usage", "model"}) {
    if (const auto value = body.value(field)) writer.key(field).raw(value->text());
  }
  writer.end_object();
  return history::parse_event(json, conversation).event;
}

}  // namespace

history::ReplyCompaction parse_compact(std::string_view json, const history::ConversationId& conversation) {
  const JsonBody body(json, {"user_request_id", "content", "usage", "model"});
  const auto user_request = body.string("user_request_id");
  if (!user_request) throw history::invalid("user_request_id", "must be a string");
  history::check_id("user_request_id", *user_request);
  NewEvent message = message_of(body, conversation);
  if (!message.content) throw history::invalid("content", "must be a string or a list of text parts");
  return {.conversation_id = conversation,
          .user_request = history::RequestId(*user_request),
          .content = std::move(*message.content),
          .usage = message.usage,
          .model = std::move(message.model)};
}

}  // namespace weir::service
