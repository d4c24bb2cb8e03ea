#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "service/http_client.h"

namespace weir::service {

/// The kinds of frames, as RFC 6455 numbers them; kEnd when the connection has ended.
enum class Opcode : int {
  kEnd = -1,
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10
};

struct Frame {
  Opcode opcode = Opcode::kEnd;
  std::string payload;

  /// The code of a close frame; 0 for any other.
  int close_code() const;
};

enum class Fin { kLast, kMore };

/// A frame as a client sends it, masked.
std::string client_frame(Opcode opcode, std::string_view payload, Fin fin = Fin::kLast);

/// The request that asks for /ws/chat; `headers`: further lines, each ending in CRLF.
std::string websocket_request(std::string_view headers = {});

/// The client's end of a WebSocket, which can be made to do wrong. Blocks at most twenty seconds.
class WebSocketClient {
 public:
  /// Asks for /ws/chat; throws std::runtime_error unless it gets it.
  explicit WebSocketClient(std::uint16_t port) : WebSocketClient(port, {}) {}
  WebSocketClient(std::uint16_t port, std::string_view headers);

  /// False when the other side has gone.
  bool send(std::string_view bytes) { return socket_.send(bytes); }
  bool say(const nlohmann::json& message) { return send(client_frame(Opcode::kText, message.dump())); }

  Frame read();

  /// The next text frame, which must be JSON; null at the end of the connection or for any other frame.
  nlohmann::json hear();

  /// Every frame that answers a message, the final one last; the last is null when the connection ends
  /// before.
  std::vector<nlohmann::json> hear_answer();

  /// Tells the final frame alone.
  nlohmann::json ask(const nlohmann::json& message);

  HttpClient& socket() { return socket_; }

 private:
  HttpClient socket_;
};

}  // namespace weir::service
