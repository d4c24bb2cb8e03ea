#include "weir/service/http_message.h"

#include <doctest/doctest.h>

using namespace weir::service;

TEST_CASE("message: headers are found whatever the case of their name, in order") {
  const RequestHead head{.method = "GET", .target = "/", .headers = {{"A", "1"}, {"b", "2"}, {"a", "3"}}};
  CHECK(header_values(head, "a") == std::vector<std::string_view>{"1", "3"});
  CHECK(header_values(head, "c").empty());
}

TEST_CASE("message: the head of an answer says what its body is, and forbids caching and guessing") {
  CHECK(head_of({.status = 201, .headers = {{"Weir-Duplicate", "true"}}, .body = "{}"},
                Afterwards::kKeepOpen) ==
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nWeir-Duplicate: true\r\n\r\n");
}

TEST_CASE("message: an answer without content says nothing of one") {
  CHECK(head_of(no_content(), Afterwards::kClose) ==
        "HTTP/1.1 204 No Content\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
        "Connection: close\r\n\r\n");
  CHECK(head_of({.status = 304, .content_type = {}, .headers = {{"ETag", "\"3\""}}}, Afterwards::kKeepOpen) ==
        "HTTP/1.1 304 Not Modified\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"
        "ETag: \"3\"\r\n\r\n");
}

TEST_CASE("message: every status that is answered has its words") {
  for (const unsigned status : {200U, 201U, 204U, 304U, 400U, 401U, 403U, 404U, 405U, 408U, 409U, 412U, 413U,
                                415U, 421U, 431U, 503U, 507U}) {
    CAPTURE(status);
    CHECK(reason_phrase(status) != reason_phrase(500));
  }
}

TEST_CASE("message: white space is trimmed around a text only") {
  CHECK(trimmed(" \ta b\t ") == "a b");
  CHECK(trimmed(" \t").empty());
}
