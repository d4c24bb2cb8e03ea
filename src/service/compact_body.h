#pragma once

#include <string_view>

#include "weir/history/chat_repository.h"

namespace weir::service {

/// Reads `{"user_request_id","content","usage"?,"model"?}`; the last three as an event has them.
/// Errors: history::Error kInvalidArgument naming the field.
history::ReplyCompaction parse_compact(std::string_view json, const history::ConversationId& conversation);

}  // namespace weir::service
