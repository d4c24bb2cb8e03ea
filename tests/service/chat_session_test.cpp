#include "weir/service/chat_session.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>

#include "service/socket_rig.h"

using namespace weir::service;
using nlohmann::json;
using weir::repositories::Seconds;
using weir::repositories::sqlite::PooledSqlRepo;
using Held = SocketRig<PooledSqlRepo, HeldAssistant>;

namespace {

std::ptrdiff_t count_threads() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

/// Lets the process open as many files as it may.
void raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

json numbered(int number) {
  return {{"message", std::to_string(number)}, {"request_id", "r" + std::to_string(number)}};
}

/// A message of a megabyte, as a frame: of sixteen, the buffers of both sockets hold some ten at most.
std::string large_frame() {
  return client_frame(Opcode::kText, json{{"message", std::string(1'000'000, 'x')}}.dump());
}

constexpr int kLargeFrames = 16;

}  // namespace

// client:   large, large ...  ──────► cannot send more │        reads every answer
// server:   1 answered, 2 wait, reads no more          │ let go
TEST_CASE("chat session: when as many wait as may nothing more is read, until there is room again") {
  ServerOptions options = any_port();
  options.ws_max_pending = 2;
  Held rig(options);
  WebSocketClient client(rig.port());
  weir::testing::Threads sender;
  sender.start([&] {
    const std::string frame = large_frame();
    for (int i = 0; i < kLargeFrames; ++i) client.send(frame);
  });
  rig.assistant.wait_for(1);
  weir::testing::spin_until([&] { return !client.socket().is_writable(200); });
  rig.assistant.let_go();
  constexpr int kFrames = 5 * 3;  // of more answers than had been read; not parsed, for they are large
  for (int i = 0; i < kFrames; ++i) CHECK(client.read().opcode == Opcode::kText);
  client.socket().hang_up();  // or the sender would go on
}

TEST_CASE(
    "chat session: a client that does not read its answers holds up nobody else, and is left in the end") {
  ServerOptions options = any_port();
  options.write_threads = 1;
  options.request_timeout = Seconds(1.0);
  SocketRig<PooledSqlRepo> rig(options);
  WebSocketClient deaf(rig.port());
  weir::testing::Threads sender;
  sender.start([&] {
    const std::string frame = large_frame();
    for (int i = 0; i < kLargeFrames && deaf.send(frame); ++i) {
    }
  });
  WebSocketClient other(rig.port());
  for (int i = 0; i < 20; ++i) CHECK(other.ask(numbered(i))["type"] == "message");
  sender.join();  // the server has ended it, or it would wait for ever
  int answers = 0;
  for (json last = deaf.hear(); !last.is_null(); last = deaf.hear()) answers += last["type"] == "message";
  CHECK(answers < kLargeFrames);
  CHECK(deaf.socket().is_closed());
}

TEST_CASE("chat session: when too many wait for a thread the message gets 503, and the socket goes on") {
  ServerOptions options = any_port();
  options.write_threads = 1;
  options.max_queued_requests = 1;
  Held rig(options);
  WebSocketClient running(rig.port());
  running.say(numbered(0));
  rig.assistant.wait_for(1);
  // One may wait. Which of two it is does not matter, but one of them is refused at once.
  WebSocketClient a(rig.port());
  WebSocketClient b(rig.port());
  a.say(numbered(1));
  b.say(numbered(1));
  weir::testing::spin_until([&] { return a.socket().is_readable(0) || b.socket().is_readable(0); });
  WebSocketClient& refused = a.socket().is_readable(0) ? a : b;
  const json error = refused.hear();
  CHECK(error["type"] == "error");
  CHECK(error["status"] == 503);
  CHECK(error["request_id"] == "r1");
  rig.assistant.let_go();
  CHECK(running.hear_answer().back()["type"] == "message");
  // Until the one that waited is done too.
  weir::testing::spin_until([&] { return refused.ask(numbered(2))["type"] == "message"; });
}

// busy:    0 in progress, 1 waits        │           0: message, 1: error 503, close 1001
// idle:                           close 1001         │
// server:                  drain         │  let go   wait() returns
TEST_CASE(
    "chat session: a drain finishes the reply in progress, refuses what waits, and closes all with 1001") {
  Held rig;
  WebSocketClient idle(rig.port());
  WebSocketClient busy(rig.port());
  busy.say(numbered(0));
  busy.say(numbered(1));
  busy.send(client_frame(Opcode::kPing, "both have come"));
  rig.assistant.wait_for(1);
  // Acknowledgement and pong, in either order.
  CHECK(busy.read().opcode != busy.read().opcode);

  rig.server.drain();
  CHECK(idle.read().close_code() == 1001);
  rig.assistant.let_go();
  CHECK(busy.hear_answer().back()["event"]["content"] == "Echo: 0");
  const json refused = busy.hear();
  CHECK(refused["status"] == 503);
  CHECK(refused["request_id"] == "r1");
  CHECK(busy.read().close_code() == 1001);
  CHECK(rig.server.wait() == Drained::kClean);
  CHECK(rig.events("default").size() == 2);
}

TEST_CASE("chat session: idle sockets whose clients are deaf do not hold up a drain") {
  SocketRig<PooledSqlRepo> rig;
  WebSocketClient idle(rig.port());
  WebSocketClient used(rig.port());
  CHECK(used.ask(numbered(0))["type"] == "message");
  rig.server.drain();
  CHECK(rig.server.wait() == Drained::kClean);
}

TEST_CASE("chat session: a thousand idle sockets take no thread, and one of them is answered") {
  raise_file_limit();
  SocketRig<PooledSqlRepo> rig;
  auto first = std::make_unique<WebSocketClient>(rig.port());
  CHECK(first->ask(numbered(0))["type"] == "message");
  const auto before = count_threads();
  std::vector<std::unique_ptr<WebSocketClient>> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(std::make_unique<WebSocketClient>(rig.port()));
  CHECK(count_threads() == before);
  CHECK(idle.back()->ask(numbered(1))["type"] == "message");
  CHECK(first->ask(numbered(2))["type"] == "message");
  CHECK(count_threads() == before);
}
