#include "weir/service/http_message.h"

#include <doctest/doctest.h>

#include <set>

#include "weir/service/http_status.h"

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

TEST_CASE("message: every status has its digits and words of its own") {
  std::set<std::string_view> words;
  for (const HttpStatus& status : kHttpStatuses) {
    CAPTURE(status.code);
    CHECK(status.digits == std::to_string(status.code));
    CHECK(reason_phrase(status.code) == status.words);
    CHECK(words.insert(status.words).second);
  }
}

TEST_CASE("message: a status that nobody answers is taken for 500") {
  CHECK(kHttpStatuses[index_of_status(418)].code == 500);
  CHECK(reason_phrase(418) == "Internal Server Error");
}

TEST_CASE("message: white space is trimmed around a text only") {
  CHECK(trimmed(" \ta b\t ") == "a b");
  CHECK(trimmed(" \t").empty());
}
