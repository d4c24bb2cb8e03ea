#include "weir/service/chat_session.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "weir/repositories/log_context.h"
#include "weir/service/answer.h"
#include "weir/service/chat_frames.h"

namespace weir::service {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

const Problem kStopping{.status = 503, .detail = "the service is stopping"};

WebSocket::Limits limits_of(const ServerOptions& options) {
  return {.message_bytes = options.max_body_bytes,
          .ping_interval = options.ws_ping_interval,
          .write_timeout = options.request_timeout};
}

}  // namespace

ChatSession::ChatSession(ServerCore& core, const Route& route, tcp::socket socket, std::string request_id)
    : core_(core),
      route_(route),
      request_id_(std::move(request_id)),
      strand_(socket.get_executor()),
      socket_(std::move(socket), limits_of(core.options)),
      room_(strand_) {}

asio::awaitable<void> ChatSession::run(const RequestHead& head) {
  co_await socket_.accept(head);
  const auto listener = core_.stopping.listen([weak = weak_from_this()] {
    if (auto self = weak.lock()) self->ask_to_leave();
  });
  if (is_leaving()) socket_.go_away();  // it may have been told before it listened
  co_await receive_all();
  is_lost_ = true;
  waiting_.clear();
  socket_.abort();
}

asio::awaitable<void> ChatSession::receive_all() {
  for (;;) {
    std::optional<std::string> message = co_await socket_.read();
    if (!message) co_return;
    if (is_leaving()) continue;
    waiting_.push_back(std::move(*message));
    if (!is_answering_) start_answering();
    co_await until_there_is_room();
  }
}

asio::awaitable<void> ChatSession::until_there_is_room() {
  while (waiting_.size() >= core_.options.ws_max_pending && !is_lost_) {
    room_.expires_at(asio::steady_timer::time_point::max());
    co_await room_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void ChatSession::start_answering() {
  is_answering_ = true;
  asio::co_spawn(
      strand_, [self = shared_from_this()] { return self->answer_all(); },
      [self = shared_from_this()](const std::exception_ptr& error) {
        if (!error) return;
        self->is_lost_ = true;
        self->is_answering_ = false;
        self->room_.cancel();
        self->socket_.abort();
      });
}

asio::awaitable<void> ChatSession::answer_all() {
  const InFlight::Flight flight = core_.in_flight.begin();
  while (!waiting_.empty() && !is_leaving()) co_await answer(take_waiting());
  if (is_leaving()) {
    co_await refuse_waiting();
    socket_.go_away();
  }
  is_answering_ = false;
}

std::string ChatSession::take_waiting() {
  std::string message = std::move(waiting_.front());
  waiting_.pop_front();
  room_.cancel();
  return message;
}

asio::awaitable<void> ChatSession::answer(std::string message) {
  const auto channel = std::make_shared<FrameChannel>(strand_);
  asio::co_spawn(
      strand_,
      [self = shared_from_this(), channel, text = std::move(message)]() mutable {
        return self->handle(std::move(text), channel);
      },
      asio::detached);
  for (;;) {
    const std::optional<std::string> frame = co_await channel->next();
    if (!frame) co_return;
    co_await send(*frame);
  }
}

/// Ends with a closed channel, whatever happens.
asio::awaitable<void> ChatSession::handle(std::string message, std::shared_ptr<FrameChannel> out) {
  const std::unique_ptr<FrameChannel, void (*)(FrameChannel*)> closed(out.get(),
                                                                      [](FrameChannel* c) { c->close(); });
  try {
    co_await core_.writers.run([&] {
      const repositories::LogContext context(request_id_);
      route_.on_message(message, *out);
    });
  } catch (...) {
    const repositories::LogContext context(request_id_);
    out->push(error_frame(problem_in_flight(route_), message));
  }
}

asio::awaitable<void> ChatSession::send(std::string_view frame) {
  if (is_lost_) co_return;
  const WebSocket::Sent sent = co_await socket_.write(frame);
  if (sent == WebSocket::Sent::kYes) co_return;
  is_lost_ = true;
  waiting_.clear();
  room_.cancel();
}

asio::awaitable<void> ChatSession::refuse_waiting() {
  while (!waiting_.empty()) {
    const std::string message = take_waiting();
    co_await send(error_frame(kStopping, message));
  }
}

/// Called on any thread. The drain waits until the client was told, not for its reply.
void ChatSession::ask_to_leave() {
  asio::post(strand_, [self = shared_from_this(), flight = core_.in_flight.begin()] {
    if (!self->is_answering_) self->socket_.go_away();
  });
}

}  // namespace weir::service
