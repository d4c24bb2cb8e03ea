// Requests that one server reads as one and another as two. Each stands before a second request, which is
// answered only when nobody could have read the first in two ways.

#include <doctest/doctest.h>

#include "service/running_server.h"

using namespace weir::service;

namespace {

const std::string kNext = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kPost = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
const std::string kGet = "GET /hello HTTP/1.1\r\nHost: localhost\r\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n";

std::string length(const std::string& value) {
  return kPost + "Content-Length: " + value + "\r\n\r\n42";
}

/// A body of "42" whose encoding is said to be `encoding`, in one chunk.
std::string encoded(const std::string& encoding) {
  return kPost + "Transfer-Encoding:" + encoding + "\r\n\r\n2\r\n42\r\n0\r\n\r\n";
}

std::string chunks(const std::string& text) {
  return kPost + kChunked + "\r\n" + text;
}

/// Every line of `text` ended by `end`.
std::string with_ends(std::string text, const std::string& end) {
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos; at += end.size())
    text.replace(at, 2, end);
  return text;
}

/// Of each: the first answer is 400, and it is the only one.
void check_refused(const std::vector<std::string>& requests) {
  const RunningServer server(any_port(), small_routes());
  for (const std::string& request : requests) {
    CAPTURE(request);
    HttpClient client(server.port());
    const HttpReply reply = client.call(request + kNext);
    CHECK(reply.status == 400);
    CHECK(reply.header("connection") == "close");
    CHECK(client.is_closed());
  }
}

/// Of each: an answer of its own status, and then that to the next.
void check_answered(unsigned status, const std::vector<std::string>& requests) {
  const RunningServer server(any_port(), small_routes());
  for (const std::string& request : requests) {
    CAPTURE(request);
    HttpClient client(server.port());
    CHECK(client.call(request + kNext).status == static_cast<int>(status));
    CHECK(client.read_reply().body == "\"hello\"");
  }
}

}  // namespace

TEST_CASE("smuggling: a length that could be read in two ways ends the connection") {
  check_refused({length("2, 2"), length("+2"), length("-2"), length("0x2"),
                 length("2 "
                        "0"),
                 length(""), length("18446744073709551618"), length("2\r\nContent-Length: 0"),
                 length("2\r\ncontent-length: 2"), length("2\r\nTransfer-Encoding: chunked"),
                 length("2\r\nTransfer-Encoding:"), length("2\r\nTransfer-Encoding: identity"),
                 length("2\r\nTransfer-Encoding: xchunked")});
  check_answered(200, {length("2"), length("02")});
}

TEST_CASE("smuggling: an encoding other than chunked, once, ends the connection") {
  check_refused(
      {encoded(" gzip, chunked"), encoded(" chunked, gzip"), encoded(" chunked, chunked"),
       encoded(" identity"), encoded(" xchunked"), encoded(" \"chunked\""), encoded(" \vchunked"),
       encoded(" ,chunked"), encoded(" chunked;q=1"), encoded(" chunked\r\nTransfer-Encoding: chunked"),
       encoded(" chunked\r\nTransfer-Encoding: identity"), encoded(" chunked\r\nContent-Length: 2")});
  check_answered(200, {encoded(" chunked"), encoded("CHUNKED"), encoded(" \tchunKed\t ")});
}

TEST_CASE("smuggling: a chunk's size is hexadecimal digits, and its line and its data end with CRLF") {
  check_refused({chunks("0x2\r\n42\r\n0\r\n\r\n"), chunks("-2\r\n42\r\n0\r\n\r\n"),
                 chunks("2 \r\n42\r\n0\r\n\r\n"), chunks("10000000000000002\r\n42\r\n0\r\n\r\n"),
                 chunks("2\n42\n0\n\n"), chunks("2\r\n42xx0\r\n\r\n"), chunks("2\r\n420\r\n\r\n"),
                 chunks("\r\n42\r\n0\r\n\r\n"), chunks("2;a\n0\r\n42\r\n0\r\n\r\n"),
                 chunks("2;\001\r\n42\r\n0\r\n\r\n")});
  check_answered(200, {chunks("2;a=b\r\n42\r\n0\r\n\r\n"), chunks("2;a=\"b\"\r\n42\r\n0;c\r\nX: y\r\n\r\n")});
}

TEST_CASE("smuggling: a trailer changes nothing of the request's length") {
  check_refused({chunks("2\r\n42\r\n0\r\nContent-Length: 5\r\n\r\n"),
                 chunks("2\r\n42\r\n0\r\nTransfer-Encoding: x\r\n\r\n")});
}

TEST_CASE("smuggling: a header line is one line, its name without white space, its end CRLF") {
  using namespace std::string_literals;
  const std::string body = "Content-Length: 2\r\n\r\n42";
  check_refused({kPost + "X: a\r\n b\r\n" + body, kPost + "X: a\r\n\tb\r\n" + body,
                 kPost + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                 kPost + "Content-Length:\r\n 2\r\n\r\n42", kPost + "Content-Length : 2\r\n\r\n42",
                 kPost + "Content-Length\t: 2\r\n\r\n42", kPost + " Content-Length: 2\r\n\r\n42",
                 kPost + "X: a\n" + body, kPost + "X: a\r" + body, kPost + "Content-Length: 2\r\n\n42",
                 with_ends(kPost + body, "\n"), kPost + "X: a\0b\r\n"s + body, kPost + "X\0: a\r\n"s + body,
                 kPost + "X\r\n" + body, kPost + ": a\r\n" + body, kPost + "X(: a\r\n" + body});
  check_answered(200, {kPost + "X:\r\n" + body, kPost + "X: \t a \t\r\n" + body,
                       kPost + "Content_Length: 9\r\n" + body});
}

TEST_CASE("smuggling: a request line has three words and one space between them") {
  using namespace std::string_literals;
  const std::string rest = "\r\nHost: localhost\r\n\r\n";
  check_refused({"GET  /hello HTTP/1.1" + rest, "GET /hello  HTTP/1.1" + rest, "GET /hello HTTP/1.2" + rest,
                 "GET /hello HTTP/2.0" + rest, "GET /hello http/1.1" + rest, "GET /hello\r\n\r\n",
                 " GET /hello HTTP/1.1" + rest, "GET /hel lo HTTP/1.1" + rest,
                 "GET /hello\0 HTTP/1.1"s + rest, "GET\t/hello HTTP/1.1" + rest});
  check_answered(405, {"get /hello HTTP/1.1" + rest, "TRACE /hello HTTP/1.1" + rest,
                       "DELETE /hello HTTP/1.1\r\nX-HTTP-Method-Override: GET" + rest});
}

TEST_CASE("smuggling: only a path names what is asked for, and only Host the server") {
  const std::string ours = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string theirs = " HTTP/1.1\r\nHost: evil.example\r\n\r\n";
  check_answered(400, {"GET http://localhost/hello" + ours, "GET http://evil.example/hello" + ours,
                       "CONNECT localhost:80" + ours, "OPTIONS *" + ours, "GET hello" + ours});
  check_answered(421, {"GET http://localhost/hello" + theirs, "GET /hello" + theirs});
  check_answered(
      421,
      {"GET /hello HTTP/1.1\r\nHost: localhost, evil.example\r\n\r\n",
       "GET /hello HTTP/1.1\r\nHost: localhost/\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: localhost.\r\n\r\n",
       "GET /hello HTTP/1.1\r\nHost: localhost evil\r\n\r\n", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n",
       "GET /hello HTTP/1.1\r\nX-Forwarded-Host: localhost\r\nHost: evil.example\r\n\r\n"});
}

TEST_CASE("smuggling: a body where none is looked for is read past, not served") {
  const std::string hidden = "DELETE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
  check_answered(200, {kGet + "Content-Length: " + std::to_string(hidden.size()) + "\r\n\r\n" + hidden,
                       kGet + kChunked + "\r\n2\r\n42\r\n0\r\n\r\n"});
}

TEST_CASE("smuggling: very many headers are one head, and have its limit") {
  const ServerOptions options = any_port();
  const RunningServer server(options, small_routes());
  const auto with_lines = [](std::size_t lines) {
    std::string request = kGet;
    for (std::size_t i = 0; i < lines; ++i) request += "a: b\r\n";
    return request + "\r\n";
  };
  HttpClient fits(server.port());
  CHECK(fits.call(with_lines(100)).status == 200);
  HttpClient does_not(server.port());
  CHECK(does_not.call(with_lines(options.max_header_bytes / 6)).status == 431);
  CHECK(does_not.is_closed());
}
