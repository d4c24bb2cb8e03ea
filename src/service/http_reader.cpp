#include "weir/service/http_reader.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "weir/service/guard.h"
#include "weir/service/problem.h"

namespace weir::service {
namespace {

namespace http = boost::beast::http;

std::string to_std(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

Refusal too_large(std::size_t limit) {
  return Refusal({.status = 413,
                  .detail = "body: must be at most " + std::to_string(limit) + " bytes",
                  .field = "body"});
}

Refusal refusal_of(const boost::beast::error_code& error, const HttpReader::Limits& limits) {
  if (error == http::error::header_limit) {
    return Refusal({.status = 431,
                    .detail = "the head must be at most " + std::to_string(limits.header_bytes) + " bytes"});
  }
  if (error == http::error::body_limit) return too_large(limits.body_bytes);
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length) {
    return bad_request("Content-Length", "must be one number, without Transfer-Encoding");
  }
  if (error == http::error::bad_transfer_encoding) {
    return bad_request("Transfer-Encoding", "must be one, without Content-Length");
  }
  return Refusal({.status = 400, .detail = "this is not HTTP/1.1 as RFC 9112 writes it"});
}

/// Beast takes a line that begins with white space for the rest of the one before; others do not, or see two
/// headers. RFC 9112 lets a server refuse it.
bool has_folded_line(std::string_view head) {
  return head.find("\r\n ") != std::string_view::npos || head.find("\r\n\t") != std::string_view::npos;
}

/// Where Beast has seen that the first chunk is the last, it takes for granted that five bytes are there, and
/// a debug build ends when they are four.
bool is_cut_short(std::string_view chunk) {
  return chunk.size() == 4 && chunk.starts_with("0\r\n");
}

}  // namespace

class HttpReader::Parser {
 public:
  explicit Parser(Limits limits) : limits_(limits) {
    parser_.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    // The head alone is read first; what it says of the body's length is judged in accept_body().
    parser_.body_limit(boost::none);
    parser_.eager(false);
  }

  std::size_t feed(std::string_view bytes) {
    const bool had_head = parser_.is_header_done();
    const bool body_comes = parser_.eager();
    if (body_comes && parser_.chunked() && is_cut_short(bytes)) return 0;
    boost::beast::error_code error;
    const std::size_t taken = parser_.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error && error != http::error::need_more) fail(refusal_of(error, limits_));
    if (!had_head) {
      // Beast holds each line to its limit, and not all of them together.
      head_bytes_ += taken;
      if (head_bytes_ > limits_.header_bytes) fail(refusal_of(http::error::header_limit, limits_));
      require(!is_folded_in(bytes.substr(0, taken)), "a header line must not be continued on the next");
    }
    if (!had_head && parser_.is_header_done()) finish_head();
    // What a body leaves is the line before a chunk, or those behind the last, as far as they have come.
    require(!body_comes || parser_.is_done() || bytes.size() - taken <= limits_.header_bytes,
            "the lines between a body's chunks must not be longer than a head");
    return taken;
  }

  void accept_body() {
    const auto declared = parser_.content_length();
    if (declared && *declared > limits_.body_bytes) throw too_large(limits_.body_bytes);
    parser_.body_limit(limits_.body_bytes);
    parser_.eager(true);
  }

  bool has_head() const { return parser_.is_header_done(); }
  bool is_done() const { return !failed_ && parser_.is_done(); }
  bool keeps_alive() const { return parser_.get().version() == 11 && parser_.keep_alive(); }
  RequestHead take_head() { return std::move(head_); }
  std::string take_body() { return std::move(parser_.get().body()); }

  bool expects_continue() const {
    return equal_ignoring_case(to_std(parser_.get()[http::field::expect]), "100-continue");
  }

 private:
  void require(bool is_so, const char* rule) {
    if (!is_so) fail(Refusal({.status = 400, .detail = rule}));
  }

  [[noreturn]] void fail(const Refusal& refusal) {
    failed_ = true;
    throw refusal;
  }

  /// Whether a line of the head begins with white space in `taken`, or between it and what was taken before.
  bool is_folded_in(std::string_view taken) {
    constexpr std::size_t kLineEnd = 2;
    last_of_head_.append(taken);
    const bool is_folded = has_folded_line(last_of_head_);
    last_of_head_.erase(0, last_of_head_.size() - std::min(last_of_head_.size(), kLineEnd));
    return is_folded;
  }

  void finish_head() {
    head_.method = to_std(parser_.get().method_string());
    head_.target = to_std(parser_.get().target());
    for (const auto& field : parser_.get()) {
      head_.headers.push_back({to_std(field.name_string()), to_std(field.value())});
    }
    failed_ = true;  // unless the framing is plain
    check_framing(head_);
    failed_ = false;
  }

  const Limits limits_;
  http::request_parser<http::string_body> parser_;
  RequestHead head_;
  std::size_t head_bytes_ = 0;
  std::string last_of_head_;
  bool failed_ = false;
};

HttpReader::HttpReader(Limits limits) : parser_(std::make_unique<Parser>(limits)) {}
HttpReader::~HttpReader() = default;

std::size_t HttpReader::feed(std::string_view bytes) {
  return parser_->feed(bytes);
}
bool HttpReader::has_head() const {
  return parser_->has_head();
}
bool HttpReader::is_done() const {
  return parser_->is_done();
}
RequestHead HttpReader::take_head() {
  return parser_->take_head();
}
void HttpReader::accept_body() {
  parser_->accept_body();
}
std::string HttpReader::take_body() {
  return parser_->take_body();
}
bool HttpReader::expects_continue() const {
  return parser_->expects_continue();
}
bool HttpReader::keeps_alive() const {
  return parser_->keeps_alive();
}

}  // namespace weir::service
