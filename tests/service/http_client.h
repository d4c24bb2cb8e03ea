#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace weir::service {

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;

  std::string header(std::string_view name) const;
};

/// A socket that says what it is told, right or wrong, and reads answers. Blocks at most twenty seconds.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// False when the other side has gone.
  bool send(std::string_view bytes);

  /// The next answer; status 0 when the connection ended before it was complete.
  HttpReply read_reply();
  /// As read_reply(), of an answer that has headers for a body and none, as to HEAD.
  HttpReply read_head_reply();

  /// The next `size` bytes; fewer when the connection ended before.
  std::string read_bytes(std::size_t size);

  /// Whether the other side closed, with nothing more to read.
  bool is_closed();

  /// Whether something, or the end, can be read within `milliseconds`.
  bool is_readable(int milliseconds);

  /// Whether more can be sent within `milliseconds`.
  bool is_writable(int milliseconds);

  /// Ends both directions; what another thread sends fails.
  void hang_up();

  /// send() and read_reply().
  HttpReply call(std::string_view bytes);

 private:
  bool receive();

  int fd_;
  std::string input_;
};

/// A request as a well-behaved client writes it, its body JSON.
struct Call {
  std::string method;
  std::string target;
  std::string body{};
  std::string headers{};  // further lines, each ending in CRLF

  std::string text() const;
};

}  // namespace weir::service
