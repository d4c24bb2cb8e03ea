#include "weir/service/http_reader.h"

#include <doctest/doctest.h>

#include "service/refused.h"

using namespace weir::service;

namespace {

constexpr HttpReader::Limits kLimits{.header_bytes = 512, .body_bytes = 16};

/// Feeds all of `text`, accepting the body when the head is there. What it did not take.
std::string feed_all(HttpReader& reader, std::string text) {
  bool accepted = false;
  for (;;) {
    const std::size_t taken = reader.feed(text);
    text.erase(0, taken);
    if (reader.is_done()) return text;
    if (reader.has_head() && !accepted) {
      reader.accept_body();
      accepted = true;
    } else if (taken == 0 || text.empty()) {
      return text;
    }
  }
}

Problem problem_of_request(const std::string& text) {
  HttpReader reader(kLimits);
  const Problem problem = refused([&] { feed_all(reader, text); });
  CHECK_FALSE(reader.is_done());
  return problem;
}

const std::string kPost = "POST /x?y=1 HTTP/1.1\r\nHost: localhost\r\nX-Two: a\r\nx-two: b\r\n";

}  // namespace

TEST_CASE("reader: head and body come out as they went in, however they are cut") {
  const std::string text = kPost + "Content-Length: 5\r\n\r\nhello";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    CAPTURE(cut);
    HttpReader reader(kLimits);
    const std::string rest = feed_all(reader, text.substr(0, cut));
    REQUIRE(feed_all(reader, rest + text.substr(cut)).empty());
    REQUIRE(reader.is_done());
    const RequestHead head = reader.take_head();
    CHECK(head.method == "POST");
    CHECK(head.target == "/x?y=1");
    CHECK(header_values(head, "X-TWO").size() == 2);
    CHECK(reader.take_body() == "hello");
    CHECK(reader.keeps_alive());
  }
}

TEST_CASE("reader: what follows a request is left for the next") {
  HttpReader reader(kLimits);
  CHECK(feed_all(reader, "GET / HTTP/1.1\r\n\r\nGET /next HTTP/1.1\r\n\r\n") == "GET /next HTTP/1.1\r\n\r\n");
  CHECK(reader.is_done());
}

TEST_CASE("reader: a chunked body is put together") {
  HttpReader reader(kLimits);
  feed_all(reader, kPost + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  REQUIRE(reader.is_done());
  CHECK(reader.take_body() == "abcde");
}

TEST_CASE("reader: a body that is too large is refused, told in advance or not") {
  CHECK(problem_of_request(kPost + "Content-Length: 17\r\n\r\n").status == 413);
  CHECK(problem_of_request(kPost + "Transfer-Encoding: chunked\r\n\r\n11\r\n").status == 413);
  CHECK(problem_of_request(kPost + "Transfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n8\r\n").status ==
        413);
  HttpReader reader(kLimits);
  feed_all(reader, kPost + "Content-Length: 16\r\n\r\n0123456789abcdef");
  CHECK(reader.is_done());
}

TEST_CASE("reader: a head that is too large is refused, ended or not") {
  const std::string large = "GET / HTTP/1.1\r\nX: " + std::string(600, 'x');
  CHECK(problem_of_request(large).status == 431);
  CHECK(problem_of_request(large + "\r\n\r\n").status == 431);
  CHECK(problem_of_request("GET /" + std::string(600, 'x')).status == 431);
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "a: b\r\n";
  CHECK(problem_of_request("GET / HTTP/1.1\r\n" + lines).status == 431);
  CHECK(problem_of_request("GET / HTTP/1.1\r\n" + lines + "\r\n").status == 431);
}

TEST_CASE("reader: an unclear length is refused by its field, in whichever order") {
  const std::string length = "Content-Length: 5\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string& headers : {length + chunked, chunked + length, chunked + chunked}) {
    CAPTURE(headers);
    const Problem problem = problem_of_request(kPost + headers + "\r\nhello");
    CHECK(problem.status == 400);
    CHECK_FALSE(problem.field.empty());
  }
  for (const std::string second : {"5", "6"}) {
    CHECK(problem_of_request(kPost + length + "Content-Length: " + second + "\r\n\r\nhello").field ==
          "Content-Length");
  }
}

TEST_CASE("reader: a length that is no number is refused") {
  for (const std::string value : {"x", "-1", "1 2", "", "18446744073709551616", "+5", "5, 5"}) {
    CAPTURE(value);
    CHECK(problem_of_request(kPost + "Content-Length: " + value + "\r\n\r\nhello").status == 400);
  }
}

TEST_CASE("reader: what is not HTTP is refused") {
  for (const std::string text :
       {"\x16\x03\x01 hello there\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\r\nX: a\x01\r\n\r\n"}) {
    CAPTURE(text);
    CHECK(problem_of_request(text).status == 400);
  }
}

TEST_CASE("reader: the client's wish to close, and HTTP/1.0, end the connection") {
  for (const std::string text : {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n",
                                 "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"}) {
    CAPTURE(text);
    HttpReader reader(kLimits);
    feed_all(reader, text);
    REQUIRE(reader.is_done());
    CHECK_FALSE(reader.keeps_alive());
  }
}

TEST_CASE("reader: a client that waits for 100-continue is known") {
  HttpReader waits(kLimits);
  feed_all(waits, kPost + "Content-Length: 5\r\nExpect: 100-Continue\r\n\r\n");
  CHECK(waits.expects_continue());
  HttpReader does_not(kLimits);
  feed_all(does_not, kPost + "Content-Length: 5\r\n\r\n");
  CHECK_FALSE(does_not.expects_continue());
}

TEST_CASE("reader: a header that goes on in the next line is refused, however it is cut") {
  const std::string text = "GET / HTTP/1.1\r\nX: a\r\n\tb\r\nY: c\r\n\r\n";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    CAPTURE(cut);
    HttpReader reader(kLimits);
    CHECK(refused([&] {
            feed_all(reader, feed_all(reader, text.substr(0, cut)) + text.substr(cut));
          }).status == 400);
  }
  HttpReader reader(kLimits);
  std::string rest;
  CHECK(refused([&] {
          for (const char c : text) rest = feed_all(reader, rest + c);
        }).status == 400);
}

TEST_CASE("reader: a chunked body without chunks may come byte by byte") {
  HttpReader reader(kLimits);
  feed_all(reader, kPost + "Transfer-Encoding: chunked\r\n\r\n");
  std::string rest;
  for (const char c : std::string("0\r\n\r\n")) rest = feed_all(reader, rest + c);
  CHECK(reader.is_done());
  CHECK(reader.take_body().empty());
}

TEST_CASE("reader: lines between chunks have an end") {
  const std::string chunked = kPost + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(problem_of_request(chunked + "1;" + std::string(600, 'x')).status == 400);
  CHECK(problem_of_request(chunked + "0\r\nX: " + std::string(600, 'x')).status == 400);
  HttpReader reader(kLimits);
  feed_all(reader, chunked + "1;a=b\r\nx\r\n0\r\nX: y\r\n\r\n");
  CHECK(reader.take_body() == "x");
}
