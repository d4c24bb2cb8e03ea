#pragma once

#include <string_view>

#include "weir/service/chat_service.h"

namespace weir::service {

/// Reads `{"message","conversation_id"?,"request_id"?,"modality"?}`; null stands for absent.
/// Without conversation_id it is a message of `default_conversation`.
/// Errors: history::Error kInvalidArgument naming the field.
ChatMessage parse_chat(std::string_view json, const history::ConversationId& default_conversation);

}  // namespace weir::service
