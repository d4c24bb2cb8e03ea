#include "weir/service/chat_body.h"

#include "weir/history/error.h"
#include "weir/service/json_body.h"

namespace weir::service {

ChatMessage parse_chat(std::string_view json, const history::ConversationId& default_conversation) {
  const JsonBody body(json, {"message", "conversation_id", "request_id", "modality"});
  auto message = body.string("message");
  if (!message || message->empty()) throw history::invalid("message", "must be a string that is not empty");
  ChatMessage read{.conversation_id = default_conversation, .message = std::move(*message)};
  if (auto id = body.string("conversation_id"))
    read.conversation_id = history::ConversationId(std::move(*id));
  if (auto id = body.string("request_id")) read.request_id.emplace(std::move(*id));
  if (auto modality = body.string("modality")) {
    history::check_id("modality", *modality);
    read.modality = std::move(*modality);
  }
  return read;
}

}  // namespace weir::service
