#include "weir/service/server.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "weir/service/connection.h"
#include "weir/service/listen_address.h"

namespace weir::service {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Threads that are there to receive and send, whatever the others wait for.
constexpr std::size_t kIoThreads = 2;
constexpr repositories::Seconds kAcceptPause{0.1};
constexpr repositories::Seconds kCrowdedPause{0.1};

history::Error cannot_listen(const error_code& error) {
  return history::Error(history::ErrorCode::kUnavailable,
                        "server.listen: cannot listen there: " + error.message(), "server.listen");
}

tcp::endpoint resolve(asio::io_context& io, const ListenAddress& address) {
  error_code error;
  const auto found = tcp::resolver(io).resolve(address.bare_host(), std::to_string(address.port),
                                               tcp::resolver::passive, error);
  if (error) throw cannot_listen(error);
  return found.begin()->endpoint();
}

tcp::acceptor listen(asio::io_context& io, const ListenAddress& address) {
  try {
    return tcp::acceptor(asio::make_strand(io), resolve(io, address));
  } catch (const boost::system::system_error& failure) {
    throw cannot_listen(failure.code());
  }
}

}  // namespace

class Server::Impl {
 public:
  Impl(const ServerOptions& options, std::optional<std::string> token, std::vector<Route> routes,
       HttpObserver& observer)
      : options_(options), observer_(observer), token_(std::move(token)), routes_(std::move(routes)) {
    check_listen(options_, token_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    io_.stop();
    threads_.clear();
    if (!core_) return;
    // Threads first: what they finish goes to coroutines that die with io_.
    stop_workers();
    core_->writers.join();
  }

  void start() {
    acceptor_.emplace(listen(io_, parse_listen(options_.listen)));
    port_ = acceptor_->local_endpoint().port();
    core_.emplace(options_, make_access_rules(options_, std::move(token_), port_), std::move(routes_),
                  observer_);
    asio::co_spawn(acceptor_->get_executor(), accept_all(), asio::detached);
    // Reads run on these threads too, at most read_threads at once.
    for (std::size_t i = 0; i < kIoThreads + options_.read_threads; ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
  }

  void repeat_as_read(repositories::Seconds interval, std::function<void()> work) {
    asio::co_spawn(asio::make_strand(io_), repeat(interval, std::move(work)), asio::detached);
  }

  std::uint16_t port() const { return port_; }

  void drain() {
    if (drains_.exchange(true)) return;
    // Waited for, so that nobody gets in after it returns.
    asio::post(acceptor_->get_executor(), asio::use_future([this] { close_acceptor(); })).get();
  }

  Drained wait() {
    const Drained drained = drained_.get_future().get();  // not by joining: a thread may hang in a read
    stop_workers();                                       // nobody would read the answers of what waits
    return drained;
  }

 private:
  void stop_workers() {
    core_->reads.stop();
    core_->writers.stop();
  }

  asio::awaitable<void> repeat(repositories::Seconds interval, std::function<void()> work) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!drains_) {
      const bool has_run = co_await run_in_turn(work);
      const repositories::Seconds wait = has_run ? interval : std::min(interval, kCrowdedPause);
      timer.expires_at(repositories::add_saturating(std::chrono::steady_clock::now(), wait));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  /// False when it got no turn, because too many wait.
  asio::awaitable<bool> run_in_turn(const std::function<void()>& work) {
    try {
      co_await core_->reads.run([&work] { work(); });
    } catch (const history::Error&) {
      co_return false;
    }
    co_return true;
  }

  asio::awaitable<void> accept_all() {
    while (acceptor_->is_open()) {
      auto [error, socket] =
          co_await acceptor_->async_accept(asio::make_strand(io_), asio::as_tuple(asio::use_awaitable));
      if (!error) {
        welcome(std::move(socket));
      } else if (acceptor_->is_open()) {
        co_await pause(error);
      }
    }
  }

  /// Out of file descriptors, most likely: they come back when a client leaves.
  asio::awaitable<void> pause(const error_code& error) {
    spdlog::error("cannot accept a connection: {}", error.message());
    asio::steady_timer timer(acceptor_->get_executor(),
                             std::chrono::duration_cast<repositories::Duration>(kAcceptPause));
    co_await timer.async_wait(asio::use_awaitable);
  }

  void welcome(tcp::socket socket) {
    if (core_->connections >= options_.max_connections) return;  // closes it
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto executor = socket.get_executor();
    const auto connection = std::make_shared<Connection>(*core_, std::move(socket));
    asio::co_spawn(
        executor, [connection] { return connection->run(); }, asio::detached);
  }

  void close_acceptor() {
    error_code ignored;
    acceptor_->close(ignored);
    drain_timer_.expires_at(
        repositories::add_saturating(std::chrono::steady_clock::now(), options_.drain_timeout));
    drain_timer_.async_wait([this](const error_code&) { end(Drained::kAbandoned); });
    // It cannot end before all who listen were told: they take flights of their own for what they have to do.
    const InFlight::Flight telling = core_->in_flight.begin();
    core_->in_flight.drain([this] { end(Drained::kClean); });
    core_->stopping.send();
  }

  void end(Drained drained) {
    io_.stop();
    if (!has_ended_.exchange(true)) drained_.set_value(drained);
  }

  const ServerOptions options_;
  HttpObserver& observer_;
  std::optional<std::string> token_;  // given to core_
  std::vector<Route> routes_;         // given to core_
  std::uint16_t port_ = 0;
  std::atomic<bool> drains_ = false;
  std::atomic<bool> has_ended_ = false;
  std::promise<Drained> drained_;
  std::optional<ServerCore> core_;  // outlives io_, whose coroutines use it
  asio::io_context io_;
  asio::steady_timer drain_timer_{io_};
  std::optional<tcp::acceptor> acceptor_;
  std::vector<std::jthread> threads_;
};

Server::Server(const ServerOptions& options, std::optional<std::string> token, std::vector<Route> routes,
               HttpObserver& observer)
    : impl_(std::make_unique<Impl>(options, std::move(token), std::move(routes), observer)) {}
Server::~Server() = default;

void Server::start() {
  impl_->start();
}
void Server::repeat_as_read(repositories::Seconds interval, std::function<void()> work) {
  impl_->repeat_as_read(interval, std::move(work));
}
std::uint16_t Server::port() const {
  return impl_->port();
}
void Server::drain() {
  impl_->drain();
}
Drained Server::wait() {
  return impl_->wait();
}

}  // namespace weir::service
