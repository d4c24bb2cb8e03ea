#pragma once

#include "weir/service/http_message.h"
#include "weir/service/problem.h"

namespace weir::service {

/// 426: this call is a WebSocket's.
Refusal upgrade_required();

/// Refuses what does not ask for a WebSocket as RFC 6455 (4.2.1) says: 426 where none is asked for, or of
/// another version; 400 naming Sec-WebSocket-Key for a key that is none.
void check_websocket_request(const RequestHead& head);

}  // namespace weir::service
