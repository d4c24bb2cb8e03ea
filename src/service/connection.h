#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/service/http_reader.h"
#include "weir/service/problem.h"
#include "weir/service/server_core.h"

namespace weir::service {

/// One client's socket: requests are read, answered and forgotten one after the other. One that asks for a
/// WebSocket is the last: what comes then is ChatSession's.
///
/// There is one deadline. Whoever begins something that may take long sets it; when it has passed the
/// socket's operation is cancelled, and no further one begins. It is set once for a whole request, so bytes
/// that trickle in buy no time. The timer behind it is left alone while it fires early enough, and set anew
/// when it has fired too early: deadlines come by the thousand, and hardly one is met.
///
/// Thread-safety: none; everything runs on the socket's strand.
/// Lifetime: `core` outlives it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerCore& core, boost::asio::ip::tcp::socket socket);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  /// Serves until the client leaves or has to.
  boost::asio::awaitable<void> run();

 private:
  using Deadline = boost::asio::steady_timer::time_point;

  /// One request and what is known of it so far.
  struct Exchange {
    HttpReader reader;
    Request request{};
    std::string_view route = "(refused)";  ///< its path, with names for values: fit for a log
  };

  /// What becomes a WebSocket, once the answer says so.
  struct Upgrade {
    std::string request_id;
    RequestHead head;
    const Route& route;
  };

  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<Afterwards> serve_request();
  boost::asio::awaitable<Match> receive(Exchange& exchange);
  boost::asio::awaitable<void> receive_head(HttpReader& reader);
  boost::asio::awaitable<void> receive_body(HttpReader& reader);
  boost::asio::awaitable<Response> respond(Exchange& exchange);
  boost::asio::awaitable<Response> dispatch(const Match& match, const Request& request);
  Response refuse(Exchange& exchange, Problem problem);
  static void log(const Exchange& exchange, unsigned status);
  boost::asio::awaitable<boost::system::error_code> read_more();
  boost::asio::awaitable<void> need_more();
  /// Sends `head`, then `body`.
  boost::asio::awaitable<void> send(std::string_view head, std::string_view body);
  boost::asio::awaitable<void> send_response(const Response& response, const Request& request,
                                             Afterwards afterwards);
  boost::asio::awaitable<void> linger();
  void begin_upgrade(const Match& match, Request& request);
  boost::asio::awaitable<void> talk();

  void feed(HttpReader& reader);
  boost::system::error_code receive();
  void expire_after(repositories::Seconds length);
  void never_expire() { deadline_ = Deadline::max(); }
  void set_timer();
  void on_timer();

  ServerCore& core_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer timer_;
  Deadline deadline_ = Deadline::max();
  bool is_timer_set_ = false;
  bool is_expired_ = false;  // the deadline has passed since it was last set
  std::string input_;        // received and not yet used
  std::optional<Upgrade> upgrade_;
};

}  // namespace weir::service
