#include "service/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

namespace weir::service {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

HttpReply parse_head(std::string_view head) {
  HttpReply reply;
  reply.status = std::stoi(std::string(head.substr(9, 3)));
  for (std::size_t at = head.find("\r\n"); at + 2 < head.size();) {
    const std::size_t end = std::min(head.find("\r\n", at + 2), head.size());
    const std::string_view line = head.substr(at + 2, end - at - 2);
    const std::size_t colon = line.find(": ");
    reply.headers[lower(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
    at = end;
  }
  return reply;
}

}  // namespace

std::string HttpReply::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

HttpClient::HttpClient(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd_);
    throw std::runtime_error("cannot connect");
  }
}

HttpClient::~HttpClient() {
  ::close(fd_);
}

bool HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpClient::receive() {
  std::array<char, 16384> buffer;
  const ssize_t count = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (count <= 0) return false;
  input_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

HttpReply HttpClient::read_head_reply() {
  while (input_.find("\r\n\r\n") == std::string::npos) {
    if (!receive()) return {};
  }
  const std::size_t end = input_.find("\r\n\r\n");
  HttpReply reply = parse_head(std::string_view(input_).substr(0, end));
  input_.erase(0, end + 4);
  return reply;
}

HttpReply HttpClient::read_reply() {
  HttpReply reply = read_head_reply();
  const std::string length = reply.header("content-length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (input_.size() < size) {
    if (!receive()) return {};
  }
  reply.body = input_.substr(0, size);
  input_.erase(0, size);
  return reply;
}

std::string HttpClient::read_bytes(std::size_t size) {
  while (input_.size() < size && receive()) {
  }
  std::string bytes = input_.substr(0, size);
  input_.erase(0, bytes.size());
  return bytes;
}

bool HttpClient::is_closed() {
  char byte = 0;
  const ssize_t count = ::recv(fd_, &byte, 1, MSG_PEEK);
  return input_.empty() && (count == 0 || (count < 0 && errno == ECONNRESET));
}

bool HttpClient::is_readable(int milliseconds) {
  pollfd poll{.fd = fd_, .events = POLLIN, .revents = 0};
  return ::poll(&poll, 1, milliseconds) == 1;
}

bool HttpClient::is_writable(int milliseconds) {
  pollfd poll{.fd = fd_, .events = POLLOUT, .revents = 0};
  return ::poll(&poll, 1, milliseconds) == 1;
}

void HttpClient::hang_up() {
  ::shutdown(fd_, SHUT_RDWR);
}

HttpReply HttpClient::call(std::string_view bytes) {
  send(bytes);
  return read_reply();
}

std::string Call::text() const {
  std::string out = method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers;
  if (!body.empty()) {
    if (headers.find("Content-Type") == std::string::npos) out += "Content-Type: application/json\r\n";
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return out + "\r\n" + body;
}

}  // namespace weir::service
