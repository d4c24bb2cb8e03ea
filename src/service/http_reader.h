#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "weir/service/http_message.h"

namespace weir::service {

/// Reads one HTTP/1.x request out of the bytes of a connection, as they come.
///
/// First the head; when it is complete the caller judges it, and asks for the body with accept_body().
///
/// Thread-safety: none.
class HttpReader {
 public:
  struct Limits {
    std::size_t header_bytes;
    std::size_t body_bytes;
  };

  explicit HttpReader(Limits limits);
  HttpReader(const HttpReader&) = delete;
  HttpReader& operator=(const HttpReader&) = delete;
  ~HttpReader();

  /// How many of `bytes` it took. The rest is to come again: with more behind it, or for the next request.
  /// Errors: Refusal 400, 413 or 431; the connection is of no more use then, and is_done() stays false.
  std::size_t feed(std::string_view bytes);

  bool has_head() const;
  bool is_done() const;

  /// The head, once it is there.
  RequestHead take_head();

  /// Lets the body come.
  /// Errors: Refusal 413 when it says that it is too large.
  void accept_body();

  /// The body, once is_done().
  std::string take_body();

  /// Whether the client waits for a word before it sends the body.
  bool expects_continue() const;

  /// Whether another request may follow, as the client sees it.
  bool keeps_alive() const;

 private:
  class Parser;  // Beast's, which takes twenty seconds to compile
  std::unique_ptr<Parser> parser_;
};

}  // namespace weir::service
