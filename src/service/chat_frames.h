#pragma once

#include <string>
#include <string_view>

#include "weir/history/event.h"
#include "weir/service/problem.h"

namespace weir::service {

/// What the service says over /ws/chat, a JSON object a frame.

/// `{"type":"ack","event_id","seq"}`: the message is stored.
std::string ack_frame(const history::Event& question);

/// `{"type":"delta","content"}`: the answer goes on.
std::string delta_frame(std::string_view content);

/// `{"type":"message","event"}`: the answer, stored.
std::string message_frame(const history::Event& answer);

/// `{"type":"error","status","detail","field"?,"request_id"?}`: why `message` was not answered. The
/// request_id is the message's own, where one can be read.
std::string error_frame(const Problem& problem, std::string_view message);

}  // namespace weir::service
