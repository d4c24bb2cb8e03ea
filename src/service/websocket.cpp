#include "weir/service/websocket.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>

#include "weir/history/utf8.h"

namespace weir::service {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using Timeouts = websocket::stream_base::timeout;

constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::seconds kCloseTimeout{5};  // for the client's part of an end that we began
constexpr std::size_t kFirstBytes = 256;          // room of an idle socket for what may come
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr int kHttpVersion = 11;

/// Beast pings half-way to its idle timeout. Half a century is as good as any longer time, and can be
/// counted.
Timeouts timeouts_of(repositories::Seconds ping_interval) {
  constexpr repositories::Seconds kLongest{1.5e9};
  const auto idle = std::min(2 * ping_interval, kLongest);
  return {kCloseTimeout, std::chrono::duration_cast<repositories::Duration>(idle), true};
}

Timeouts no_timeouts() {
  return {websocket::stream_base::none(), websocket::stream_base::none(), false};
}

http::request<http::empty_body> request_of(const RequestHead& head) {
  http::request<http::empty_body> request(http::verb::get, head.target, kHttpVersion);
  for (const Header& header : head.headers) request.insert(header.name, header.value);
  return request;
}

}  // namespace

class WebSocket::Stream : public std::enable_shared_from_this<Stream> {
 public:
  Stream(tcp::socket socket, const Limits& limits)
      : stream_(std::move(socket)),
        send_timer_(stream_.get_executor()),
        timeouts_(timeouts_of(limits.ping_interval)),
        write_timeout_(limits.write_timeout) {
    stream_.read_message_max(limits.message_bytes);
    stream_.auto_fragment(false);
    stream_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(http::field::server, "weir"); }));
  }

  asio::awaitable<void> accept(const RequestHead& head) {
    stream_.set_option(timeouts_);
    const auto request = request_of(head);
    co_await stream_.async_accept(request, asio::use_awaitable);
  }

  asio::awaitable<std::optional<std::string>> read() {
    // Pongs are seen by reading alone, so nobody is timed out for them meanwhile.
    stream_.set_option(timeouts_);
    std::optional<std::string> message = co_await read_whole();
    if (message && stream_.got_binary()) {
      message.reset();
      co_await close(websocket::close_code::unknown_data);
    } else if (message && !history::is_utf8(*message)) {
      // Beast does not see a character that an empty last frame leaves unfinished.
      message.reset();
      co_await close(websocket::close_code::bad_payload);
    }
    if (message) stream_.set_option(no_timeouts());
    co_return message;
  }

  asio::awaitable<Sent> write(std::string_view text) {
    set_send_timer();
    const auto [error, count] = co_await stream_.async_write(asio::buffer(text), kNoThrow);
    send_timer_.expires_at(asio::steady_timer::time_point::max());
    co_return error ? Sent::kLost : Sent::kYes;
  }

  void go_away() {
    if (!may_close()) return;
    stream_.async_close(websocket::close_code::going_away, [](const error_code&) {});
  }

  void abort() {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  /// Absent at the end; what is binary is not read to its end.
  asio::awaitable<std::optional<std::string>> read_whole() {
    std::array<char, kFirstBytes> first;  // an idle socket holds no more
    const auto [error, count] = co_await stream_.async_read_some(asio::buffer(first), kNoThrow);
    if (error) co_return std::nullopt;
    std::string message(first.data(), count);
    while (!stream_.is_message_done() && !stream_.got_binary()) {
      const bool has_come = co_await read_into(message);
      if (!has_come) co_return std::nullopt;
    }
    co_return message;
  }

  asio::awaitable<bool> read_into(std::string& message) {
    const std::size_t size = message.size();
    message.resize(size + kReadBytes);
    const auto [error, count] =
        co_await stream_.async_read_some(asio::buffer(message.data() + size, kReadBytes), kNoThrow);
    message.resize(size + count);
    co_return !error;
  }

  asio::awaitable<void> close(websocket::close_code code) {
    if (may_close()) co_await stream_.async_close(code, kNoThrow);
  }

  /// Once, and not when the client has begun.
  bool may_close() {
    if (is_closing_ || !stream_.is_open()) return false;
    is_closing_ = true;
    stream_.set_option(timeouts_);
    return true;
  }

  void set_send_timer() {
    send_timer_.expires_at(repositories::add_saturating(std::chrono::steady_clock::now(), write_timeout_));
    send_timer_.async_wait([weak = weak_from_this()](const error_code& error) {
      const auto self = weak.lock();
      if (error || !self) return;
      // It may have been set anew since it fired.
      if (self->send_timer_.expiry() <= std::chrono::steady_clock::now()) self->abort();
    });
  }

  websocket::stream<tcp::socket> stream_;
  asio::steady_timer send_timer_;
  const Timeouts timeouts_;
  const repositories::Seconds write_timeout_;
  bool is_closing_ = false;
};

WebSocket::WebSocket(tcp::socket socket, const Limits& limits)
    : stream_(std::make_shared<Stream>(std::move(socket), limits)) {}
WebSocket::~WebSocket() = default;

asio::awaitable<void> WebSocket::accept(const RequestHead& head) {
  return stream_->accept(head);
}
asio::awaitable<std::optional<std::string>> WebSocket::read() {
  return stream_->read();
}
asio::awaitable<WebSocket::Sent> WebSocket::write(std::string_view text) {
  return stream_->write(text);
}
void WebSocket::go_away() {
  stream_->go_away();
}
void WebSocket::abort() {
  stream_->abort();
}

}  // namespace weir::service
