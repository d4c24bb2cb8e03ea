#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "fuzz/targets.h"
#include "weir/history/utf8.h"
#include "weir/service/websocket.h"

namespace weir::fuzz {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::size_t kMostMessage = 2048;
constexpr std::size_t kMostInput = 16 * 1024;  // far less than a socket holds

/// Two ends of a connection: one is the service's, the other has said all it will say.
class Ends {
 public:
  explicit Ends(std::string_view said) {
    require(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()) == 0, "there is a pair of sockets");
    require(::send(ends_[1], said.data(), said.size(), 0) == static_cast<ssize_t>(said.size()),
            "a socket holds the input");
    ::shutdown(ends_[1], SHUT_WR);
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() { ::close(ends_[1]); }

  /// The caller's to close.
  int ours() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
};

service::RequestHead request() {
  return {.method = "GET",
          .target = "/ws/chat",
          .headers = {{"Host", "localhost"},
                      {"Connection", "upgrade"},
                      {"Upgrade", "websocket"},
                      {"Sec-WebSocket-Version", "13"},
                      {"Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="}}};
}

asio::awaitable<void> echo(service::WebSocket& socket) {
  const service::RequestHead head = request();
  co_await socket.accept(head);
  for (;;) {
    const std::optional<std::string> message = co_await socket.read();
    if (!message) co_return;
    require(message->size() <= kMostMessage, "no message is longer than allowed");
    require(history::is_utf8(*message), "a message is UTF-8");
    co_await socket.write(*message);
  }
}

}  // namespace

/// The frames of a client that has left by the time they are read; each message is said back.
void try_websocket(std::string_view bytes) {
  const Ends ends(bytes.substr(0, kMostInput));
  asio::io_context context(1);
  service::WebSocket socket(tcp::socket(context, tcp::v4(), ends.ours()),
                            {.message_bytes = kMostMessage,
                             .ping_interval = repositories::Seconds(60),
                             .write_timeout = repositories::Seconds(60)});
  std::exception_ptr failure;
  asio::co_spawn(context, echo(socket), [&](const std::exception_ptr& error) {
    failure = error;
    socket.abort();
    context.stop();
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace weir::fuzz
