#include "weir/service/connection.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <chrono>

#include "weir/repositories/log_context.h"
#include "weir/service/answer.h"
#include "weir/service/chat_session.h"
#include "weir/service/problem.h"
#include "weir/service/websocket_request.h"

namespace weir::service {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr repositories::Seconds kLinger{1.0};
constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);

Refusal too_slow() {
  return Refusal({.status = 408, .detail = "the request did not arrive in time"});
}

Refusal draining() {
  return Refusal({.status = 503, .detail = "the service is stopping", .headers = {{"Retry-After", "1"}}});
}

Afterwards afterwards(const HttpReader& reader, Phase phase) {
  const bool stays = phase == Phase::kServing && reader.is_done() && reader.keeps_alive();
  return stays ? Afterwards::kKeepOpen : Afterwards::kClose;
}

}  // namespace

Connection::Connection(ServerCore& core, tcp::socket socket)
    : core_(core), socket_(std::move(socket)), timer_(socket_.get_executor()) {
  ++core_.connections;
  core_.observer.client_came();
  // What can be received or sent at once is, without a way through the reactor.
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

Connection::~Connection() {
  --core_.connections;
  core_.observer.client_left();
}

asio::awaitable<void> Connection::run() {
  try {
    co_await serve();
    if (upgrade_) {
      co_await talk();
    } else {
      co_await linger();
    }
  } catch (const boost::system::system_error& error) {
    spdlog::debug("connection lost: {}", error.code().message());
  } catch (const std::exception& error) {
    spdlog::error("connection closed: {}", error.what());
  }
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<void> Connection::serve() {
  Afterwards next = Afterwards::kKeepOpen;
  while (next == Afterwards::kKeepOpen) {
    const bool has_come = co_await wait_for_request();  // not in a condition: g++ 12 compiles that wrongly
    if (!has_come) co_return;
    next = co_await serve_request();
  }
}

/// False when the client leaves, or stays silent too long. Holds no buffer meanwhile: idle connections are
/// many.
asio::awaitable<bool> Connection::wait_for_request() {
  if (!input_.empty()) co_return true;
  input_.shrink_to_fit();
  expire_after(core_.options.idle_timeout);
  const auto [error] = co_await socket_.async_wait(tcp::socket::wait_read, kNoThrow);
  if (error || is_expired_) co_return false;
  expire_after(core_.options.request_timeout);
  const error_code ended = co_await read_more();
  co_return !ended;
}

asio::awaitable<Afterwards> Connection::serve_request() {
  const InFlight::Flight flight = core_.in_flight.begin();
  Exchange exchange{.reader = HttpReader({.header_bytes = core_.options.max_header_bytes,
                                          .body_bytes = core_.options.max_body_bytes})};
  const auto began = std::chrono::steady_clock::now();
  Response response = co_await respond(exchange);
  core_.observer.answered(response.status, std::chrono::steady_clock::now() - began);
  log(exchange, response.status);
  response.headers.push_back({kRequestIdHeader, exchange.request.id});
  if (upgrade_) co_return Afterwards::kClose;  // as far as HTTP goes
  const Afterwards next = afterwards(exchange.reader, core_.in_flight.phase());
  expire_after(core_.options.request_timeout);
  co_await send_response(response, exchange.request, next);
  co_return next;
}

asio::awaitable<Response> Connection::respond(Exchange& exchange) {
  try {
    expire_after(core_.options.request_timeout);
    const Match match = co_await receive(exchange);
    never_expire();
    Response response = co_await dispatch(match, exchange.request);
    if (response.status == kSwitchingProtocols) begin_upgrade(match, exchange.request);
    co_return response;
  } catch (const Refusal& refusal) {
    co_return refuse(exchange, refusal.problem());
  } catch (const history::Error& error) {
    co_return refuse(exchange, problem_of(error));
  }
}

Response Connection::refuse(Exchange& exchange, Problem problem) {
  if (exchange.request.id.empty())
    exchange.request.id = core_.request_ids.make();  // its head was not readable
  problem.request_id = exchange.request.id;
  return to_response(problem);
}

void Connection::log(const Exchange& exchange, unsigned status) {
  const repositories::LogContext context(exchange.request.id);
  spdlog::debug("{} {} {}", exchange.request.head.method, exchange.route, status);
}

asio::awaitable<Match> Connection::receive(Exchange& exchange) {
  Request& request = exchange.request;
  co_await receive_head(exchange.reader);
  request.head = exchange.reader.take_head();
  request.id = core_.request_ids.of(request.head);
  Match match = core_.gate.admit(request.head);
  exchange.route = match.route->path;
  request.phase = core_.in_flight.phase();
  request.caller = match.caller;
  if (request.phase == Phase::kDraining && match.route->lane != Lane::kInline) throw draining();
  const bool is_first_version = !exchange.reader.keeps_alive();  // which knows no upgrade
  if (match.route->lane == Lane::kUpgrade && is_first_version) throw upgrade_required();
  co_await receive_body(exchange.reader);
  request.query = std::move(match.query);
  request.body = exchange.reader.take_body();
  co_return match;
}

asio::awaitable<void> Connection::receive_head(HttpReader& reader) {
  feed(reader);
  while (!reader.has_head()) {
    co_await need_more();
    feed(reader);
  }
}

asio::awaitable<void> Connection::receive_body(HttpReader& reader) {
  reader.accept_body();
  if (!reader.is_done() && input_.empty() && reader.expects_continue()) {
    co_await send("HTTP/1.1 100 Continue\r\n\r\n", {});
  }
  if (!reader.is_done() && !input_.empty()) feed(reader);
  while (!reader.is_done()) {
    co_await need_more();
    feed(reader);
  }
}

void Connection::feed(HttpReader& reader) {
  input_.erase(0, reader.feed(input_));
}

asio::awaitable<Response> Connection::dispatch(const Match& match, const Request& request) {
  const auto work = [&match, &request] { return answer(match, request); };
  switch (match.route->lane) {
    case Lane::kRead:
      co_return co_await core_.reads.run(work);
    case Lane::kWrite:
      co_return co_await core_.writers.run(work);
    case Lane::kInline:
    case Lane::kUpgrade:
      break;
  }
  co_return work();
}

void Connection::begin_upgrade(const Match& match, Request& request) {
  if (!input_.empty()) throw bad_request("body", "must not be followed by anything before the answer");
  upgrade_.emplace(Upgrade{request.id, std::move(request.head), *match.route});
}

/// The 101 is not sent yet: that begins the WebSocket.
asio::awaitable<void> Connection::talk() {
  const auto session = std::make_shared<ChatSession>(core_, upgrade_->route, std::move(socket_),
                                                     std::move(upgrade_->request_id));
  const RequestHead head = std::move(upgrade_->head);
  co_await session->run(head);
}

asio::awaitable<error_code> Connection::read_more() {
  for (;;) {
    if (is_expired_) co_return asio::error::timed_out;
    const error_code received = receive();
    if (received != asio::error::would_block) co_return received;
    const auto [error] = co_await socket_.async_wait(tcp::socket::wait_read, kNoThrow);
    if (error && !is_expired_) co_return error;
  }
}

/// Takes what has come, if anything has.
error_code Connection::receive() {
  std::array<char, kReadBytes> bytes;  // not zeroed, and not kept: connections are many
  error_code error;
  const std::size_t count = socket_.read_some(asio::buffer(bytes), error);
  input_.append(bytes.data(), count);
  return error;
}

asio::awaitable<void> Connection::need_more() {
  const error_code error = co_await read_more();
  if (error == asio::error::timed_out) throw too_slow();
  if (error) throw boost::system::system_error(error);
}

asio::awaitable<void> Connection::send(std::string_view head, std::string_view body) {
  while (!head.empty() || !body.empty()) {
    if (is_expired_) throw boost::system::system_error(asio::error::timed_out);
    const std::array buffers = {asio::buffer(head), asio::buffer(body)};
    error_code error;
    const std::size_t sent = socket_.write_some(buffers, error);
    const std::size_t of_head = std::min(sent, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(sent - of_head);
    if (!error) continue;
    if (error != asio::error::would_block) throw boost::system::system_error(error);
    co_await socket_.async_wait(tcp::socket::wait_write, asio::use_awaitable);
  }
}

asio::awaitable<void> Connection::send_response(const Response& response, const Request& request,
                                                Afterwards afterwards) {
  const std::string head = head_of(response, afterwards);
  const bool has_body = request.head.method != "HEAD";
  co_await send(head, has_body ? std::string_view(response.body) : std::string_view());
}

/// Closing while bytes are still coming in would reset the connection, and the answer might never be read.
asio::awaitable<void> Connection::linger() {
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  expire_after(kLinger);
  while (!error) {
    input_.clear();
    error = co_await read_more();
  }
}

void Connection::expire_after(repositories::Seconds length) {
  is_expired_ = false;
  deadline_ = repositories::add_saturating(Deadline::clock::now(), length);
  if (!is_timer_set_ || deadline_ < timer_.expiry()) set_timer();
}

void Connection::set_timer() {
  is_timer_set_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->on_timer();
  });
}

void Connection::on_timer() {
  is_timer_set_ = false;
  if (deadline_ == Deadline::max()) return;
  if (Deadline::clock::now() < deadline_) return set_timer();
  is_expired_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

}  // namespace weir::service
