#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/repositories/clock.h"
#include "weir/service/http_message.h"

namespace weir::service {

/// The server's end of one WebSocket (RFC 6455): whole text messages in and out, pings, and the right code
/// for each way to end. Nothing is compressed.
///
/// Thread-safety: none; everything runs on the socket's strand. One read() and one write() at a time, beside
/// each other. Lifetime: outlives its operations.
class WebSocket {
 public:
  struct Limits {
    std::size_t message_bytes;            ///< a longer message ends it with 1009
    repositories::Seconds ping_interval;  ///< of a silent client, whose pong is due within the next one
    repositories::Seconds write_timeout;  ///< to send one message
  };

  WebSocket(boost::asio::ip::tcp::socket socket, const Limits& limits);
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  ~WebSocket();

  /// Answers a request that check_websocket_request() has let pass.
  /// Errors: boost::system::system_error when the client has gone.
  boost::asio::awaitable<void> accept(const RequestHead& head);

  /// The next message; absent when the socket has ended, whoever ended it: what is no text (1003) or UTF-8
  /// (1007), is too long or breaks the protocol (1002) does. Pings are sent and answered while it waits, and
  /// only then.
  boost::asio::awaitable<std::optional<std::string>> read();

  enum class Sent { kYes, kLost };

  /// Sends a text message; waits for a slow client, at most write_timeout.
  boost::asio::awaitable<Sent> write(std::string_view text);

  /// Begins to end it, as the service that stops does (1001). The client is told before this returns, unless
  /// a message is being sent to it or it takes nothing more; read() ends when it has replied.
  void go_away();

  /// Ends it at once.
  void abort();

 private:
  class Stream;  // Beast's, which takes twenty seconds to compile
  std::shared_ptr<Stream> stream_;
};

}  // namespace weir::service
