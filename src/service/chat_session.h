#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "weir/service/frame_channel.h"
#include "weir/service/server_core.h"
#include "weir/service/websocket.h"

namespace weir::service {

/// The messages of one WebSocket: one at a time is answered, ws_max_pending wait behind it, and when that
/// many wait nothing more is read.
///
/// The route's handler runs on the threads kept for writes; its frames come over a FrameChannel and are sent
/// from here, so that a slow client holds memory, and neither a thread nor a connection of the database.
/// Between messages there is but the read that waits for the next. A message that is being answered when the
/// client goes is answered to the end, and stored; those behind it are dropped.
///
/// Thread-safety: none; everything runs on the socket's strand.
/// Lifetime: `core` and `route` outlive it; held by a shared_ptr.
class ChatSession : public std::enable_shared_from_this<ChatSession> {
 public:
  /// `request_id`: of the request that asked for it; the log names it for every message.
  ChatSession(ServerCore& core, const Route& route, boost::asio::ip::tcp::socket socket,
              std::string request_id);
  ChatSession(const ChatSession&) = delete;
  ChatSession& operator=(const ChatSession&) = delete;
  ~ChatSession() = default;

  /// Serves until the client leaves or has to.
  /// Errors: boost::system::system_error when it has gone already.
  boost::asio::awaitable<void> run(const RequestHead& head);

 private:
  boost::asio::awaitable<void> receive_all();
  boost::asio::awaitable<void> until_there_is_room();
  void start_answering();
  boost::asio::awaitable<void> answer_all();
  boost::asio::awaitable<void> answer(std::string message);
  boost::asio::awaitable<void> handle(std::string message, std::shared_ptr<FrameChannel> out);
  boost::asio::awaitable<void> send(std::string_view frame);
  boost::asio::awaitable<void> refuse_waiting();
  std::string take_waiting();
  bool is_leaving() const { return core_.in_flight.phase() == Phase::kDraining; }
  void ask_to_leave();

  ServerCore& core_;
  const Route& route_;
  const std::string request_id_;
  const boost::asio::any_io_executor strand_;
  WebSocket socket_;
  boost::asio::steady_timer room_;  // never fires; is cancelled when one less waits
  std::list<std::string> waiting_;  // not a deque, which takes half a kilobyte when it is empty
  bool is_answering_ = false;
  bool is_lost_ = false;  // nothing can be sent any more
};

}  // namespace weir::service
