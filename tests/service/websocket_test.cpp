#include "weir/service/websocket.h"

#include <doctest/doctest.h>

#include "service/socket_rig.h"

using namespace weir::service;
using nlohmann::json;
using weir::repositories::Seconds;
using weir::repositories::sqlite::PooledSqlRepo;
using Rig = SocketRig<PooledSqlRepo>;

namespace {

std::string field_of(const HttpReply& reply) {
  return json::parse(reply.body).value("field", std::string());
}

/// Sends `bytes` to a service of its own, and tells the close code it answers; 0 when it does not close.
int close_code_after(const std::string& bytes, const ServerOptions& options = any_port()) {
  Rig rig(options);
  WebSocketClient client(rig.port());
  client.send(bytes);
  const Frame frame = client.read();
  if (frame.opcode == Opcode::kClose) client.send(client_frame(Opcode::kClose, frame.payload));
  return client.read().opcode == Opcode::kEnd ? frame.close_code() : 0;
}

}  // namespace

TEST_CASE("websocket: a proper request gets one, whatever the case of its words, of our origin too") {
  Rig rig;
  CHECK(WebSocketClient(rig.port()).ask({{"message", "hi"}})["type"] == "message");
  const std::string origin = "Origin: http://localhost\r\n";
  CHECK(WebSocketClient(rig.port(), origin).ask({{"message", "hi"}})["type"] == "message");
}

TEST_CASE("websocket: a page of another origin and another host get none") {
  Rig rig;
  const HttpReply foreign = rig.refusal("Origin: http://evil.example\r\n");
  CHECK(foreign.status == 403);
  CHECK(field_of(foreign) == "Origin");
  CHECK(rig.refusal("Host: evil.example\r\n").status == 421);
}

TEST_CASE("websocket: an origin that is allowed gets one") {
  ServerOptions options = any_port();
  options.allowed_origins = {"https://chat.example"};
  Rig rig(options);
  WebSocketClient client(rig.port(), "Origin: https://chat.example\r\n");
  CHECK(client.ask({{"message", "hi"}})["type"] == "message");
}

TEST_CASE("websocket: with a token only who shows it gets one") {
  Rig rig(any_port(), "a-token-of-more-than-thirty-two-bytes");
  CHECK(rig.refusal("").status == 401);
  CHECK(rig.refusal("Authorization: Bearer another\r\n").status == 401);
  WebSocketClient client(rig.port(), "Authorization: Bearer a-token-of-more-than-thirty-two-bytes\r\n");
  CHECK(client.ask({{"message", "hi"}})["type"] == "message");
}

TEST_CASE("websocket: a request that is none is told to upgrade") {
  Rig rig;
  for (const char* request :
       {"GET /ws/chat HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        "GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n",
        "GET /ws/chat HTTP/1.0\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"}) {
    CAPTURE(request);
    const HttpReply reply = HttpClient(rig.port()).call(request);
    CHECK(reply.status == 426);
    CHECK(reply.header("upgrade") == "websocket");
  }
  CHECK(HttpClient(rig.port()).call(Call{.method = "POST", .target = "/ws/chat"}.text()).status == 405);
}

TEST_CASE("websocket: another version is told ours") {
  Rig rig;
  const HttpReply reply = rig.refusal("Sec-WebSocket-Version: 8\r\n");
  CHECK(reply.status == 426);
  CHECK(reply.header("sec-websocket-version") == "13");
  CHECK(field_of(reply) == "Sec-WebSocket-Version");
}

TEST_CASE("websocket: a key that is not sixteen bytes in base64 is refused") {
  Rig rig;
  for (const char* key :
       {"dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBs!SBub25jZQ==", ""}) {
    CAPTURE(key);
    const HttpReply reply = rig.refusal("Sec-WebSocket-Key: " + std::string(key) + "\r\n");
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == "Sec-WebSocket-Key");
  }
}

TEST_CASE("websocket: bytes that follow the request before its answer are refused") {
  Rig rig;
  HttpClient client(rig.port());
  CHECK(client.call(websocket_request() + client_frame(Opcode::kText, "{}")).status == 400);
}

TEST_CASE("websocket: a message in pieces is one message, with a ping between them answered") {
  Rig rig;
  WebSocketClient client(rig.port());
  client.send(client_frame(Opcode::kText, R"({"mess)", Fin::kMore));
  client.send(client_frame(Opcode::kPing, "in between"));
  client.send(client_frame(Opcode::kContinuation, "", Fin::kMore));
  client.send(client_frame(Opcode::kContinuation, R"(age":"in pieces"})"));
  const Frame pong = client.read();
  CHECK(pong.opcode == Opcode::kPong);
  CHECK(pong.payload == "in between");
  CHECK(client.hear_answer().back()["event"]["content"] == "Echo: in pieces");
}

TEST_CASE("websocket: a message of hundreds of kilobytes comes and goes whole") {
  Rig rig;
  WebSocketClient client(rig.port());
  const std::string long_text(500'000, 'x');
  CHECK(client.ask({{"message", long_text}})["event"]["content"] == "Echo: " + long_text);
}

TEST_CASE("websocket: what is no text, too long, no UTF-8 or no proper frame ends it with its code") {
  CHECK(close_code_after(client_frame(Opcode::kBinary, "{}")) == 1003);
  CHECK(close_code_after(client_frame(Opcode::kBinary, std::string(100'000, 'x'))) == 1003);
  ServerOptions small = any_port();
  small.max_body_bytes = 1000;
  CHECK(close_code_after(client_frame(Opcode::kText, std::string(1001, 'x')), small) == 1009);
  CHECK(close_code_after(client_frame(Opcode::kText, std::string(600, 'x'), Fin::kMore) +
                             client_frame(Opcode::kContinuation, std::string(600, 'x')),
                         small) == 1009);
  CHECK(close_code_after(client_frame(Opcode::kText, "\"\xC3(\"")) == 1007);
  CHECK(close_code_after(client_frame(Opcode::kText, "\xC3", Fin::kMore) +
                         client_frame(Opcode::kContinuation, "")) == 1007);
  CHECK(close_code_after(std::string("\x81\x02{}", 4)) == 1002);  // not masked
  CHECK(close_code_after(client_frame(Opcode::kContinuation, "{}")) == 1002);
  CHECK(close_code_after(client_frame(static_cast<Opcode>(0x40 | 1), "{}")) == 1002);  // compressed
}

TEST_CASE("websocket: who closes is answered with the same code") {
  CHECK(close_code_after(client_frame(Opcode::kClose, "\x03\xE8")) == 1000);
}

TEST_CASE("websocket: a silent client is pinged, and stays as long as it answers") {
  ServerOptions options = any_port();
  options.ws_ping_interval = Seconds(0.5);
  Rig rig(options);
  WebSocketClient client(rig.port());
  for (int i = 0; i < 3; ++i) {
    const Frame ping = client.read();
    REQUIRE(ping.opcode == Opcode::kPing);
    client.send(client_frame(Opcode::kPong, ping.payload));
  }
  CHECK(client.ask({{"message", "still here"}})["type"] == "message");
}

TEST_CASE("websocket: a client that does not answer its ping is left") {
  ServerOptions options = any_port();
  options.ws_ping_interval = Seconds(0.1);
  Rig rig(options);
  WebSocketClient client(rig.port());
  CHECK(client.read().opcode == Opcode::kPing);
  CHECK(client.read().opcode == Opcode::kEnd);
  CHECK(client.socket().is_closed());
}
