#include "service/websocket_client.h"

#include <array>
#include <stdexcept>

namespace weir::service {
namespace {

// Those of RFC 6455's example (1.3).
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

constexpr std::size_t kShortLength = 126;  // what announces a length in 2 bytes
constexpr std::size_t kLongLength = 127;   // in 8 bytes

void append_number(std::string& out, std::size_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
}

std::size_t number_of(std::string_view bytes) {
  std::size_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

int Frame::close_code() const {
  return opcode == Opcode::kClose ? static_cast<int>(number_of(payload.substr(0, 2))) : 0;
}

std::string client_frame(Opcode opcode, std::string_view payload, Fin fin) {
  constexpr int kFin = 0x80;
  constexpr std::size_t kMasked = 0x80;
  constexpr std::array<char, 4> kMask = {'\x1f', '\x7a', '\x05', '\x63'};
  std::string out(1, static_cast<char>(static_cast<int>(opcode) | (fin == Fin::kLast ? kFin : 0)));
  if (payload.size() < kShortLength) {
    append_number(out, payload.size() | kMasked, 1);
  } else if (payload.size() <= 0xFFFF) {
    append_number(out, kShortLength | kMasked, 1);
    append_number(out, payload.size(), 2);
  } else {
    append_number(out, kLongLength | kMasked, 1);
    append_number(out, payload.size(), 8);
  }
  out.append(kMask.begin(), kMask.end());
  for (std::size_t i = 0; i < payload.size(); ++i) out += static_cast<char>(payload[i] ^ kMask[i % 4]);
  return out;
}

std::string websocket_request(std::string_view headers) {
  std::string request = "GET /ws/chat HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n";
  if (headers.find("Host: ") == std::string_view::npos) request += "Host: localhost\r\n";
  if (headers.find("Version: ") == std::string_view::npos) request += "Sec-WebSocket-Version: 13\r\n";
  if (headers.find("Key: ") == std::string_view::npos) {
    request.append("Sec-WebSocket-Key: ").append(kKey).append("\r\n");
  }
  return request.append(headers).append("\r\n");
}

WebSocketClient::WebSocketClient(std::uint16_t port, std::string_view headers) : socket_(port) {
  socket_.send(websocket_request(headers));
  const HttpReply reply = socket_.read_head_reply();
  if (reply.status != 101 || reply.header("sec-websocket-accept") != kAccept) {
    throw std::runtime_error("no WebSocket: " + std::to_string(reply.status));
  }
}

Frame WebSocketClient::read() {
  const std::string head = socket_.read_bytes(2);
  if (head.size() < 2) return {};
  std::size_t size = number_of(head.substr(1));
  if (size == kShortLength) size = number_of(socket_.read_bytes(2));
  if (size == kLongLength) size = number_of(socket_.read_bytes(8));
  constexpr int kOpcode = 0x0F;
  const auto opcode = static_cast<Opcode>(head.front() & kOpcode);
  std::string payload = socket_.read_bytes(size);
  if (payload.size() < size) return {};
  return {opcode, std::move(payload)};
}

nlohmann::json WebSocketClient::hear() {
  const Frame frame = read();
  return frame.opcode == Opcode::kText ? nlohmann::json::parse(frame.payload) : nlohmann::json();
}

std::vector<nlohmann::json> WebSocketClient::hear_answer() {
  std::vector<nlohmann::json> frames;
  do {
    frames.push_back(hear());
  } while (!frames.back().is_null() && frames.back()["type"] != "message" &&
           frames.back()["type"] != "error");
  return frames;
}

nlohmann::json WebSocketClient::ask(const nlohmann::json& message) {
  say(message);
  return hear_answer().back();
}

}  // namespace weir::service
