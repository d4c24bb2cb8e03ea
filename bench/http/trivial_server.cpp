// What HTTP itself costs here: a server that reads a request up to its blank line and always gives one
// answer.
//
// trivial_server BODY_BYTES listens on a free port of 127.0.0.1 and tells it as `weir serve` does.

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <thread>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto kOrError = asio::as_tuple(asio::use_awaitable);
constexpr int kThreads = 2;  // as many as weir's server reads and writes with
constexpr std::size_t kMostHeaderBytes = 16'384;

std::string answer_with_body_of(std::size_t bytes) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(bytes) +
         "\r\n\r\n" + std::string(bytes, 'x');
}

/// Answers every request of one connection until its peer has gone.
asio::awaitable<void> serve(tcp::socket socket, const std::string& answer) {
  std::string received;
  auto buffer = asio::dynamic_buffer(received, kMostHeaderBytes);
  for (;;) {
    const auto [read_error, size] = co_await asio::async_read_until(socket, buffer, "\r\n\r\n", kOrError);
    if (read_error) co_return;
    buffer.consume(size);
    const auto [write_error, written] = co_await asio::async_write(socket, asio::buffer(answer), kOrError);
    if (write_error) co_return;
  }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, const std::string& answer) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, serve(std::move(socket), answer), asio::detached);
  }
}

void run(const std::string& answer) {
  asio::io_context io(kThreads);
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  asio::co_spawn(io, accept_all(acceptor, answer), asio::detached);
  std::cout << "listening on http://127.0.0.1:" << acceptor.local_endpoint().port() << std::endl;
  std::array<std::jthread, kThreads> threads;
  for (std::jthread& thread : threads) thread = std::jthread([&io] { io.run(); });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::invalid_argument("usage: trivial_server BODY_BYTES");
    run(answer_with_body_of(std::stoul(argv[1])));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "trivial_server: " << error.what() << '\n';
    return 1;
  }
}
