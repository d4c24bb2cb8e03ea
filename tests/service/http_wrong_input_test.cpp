#include <doctest/doctest.h>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

const std::string kEvents = "/v1/conversations/c/events";

struct Wrong {
  Call call;
  int status;
  std::string field;
};

/// Makes each call, and checks its answer, and that nothing was stored.
template <class Repo>
void check_all(const std::vector<Wrong>& calls) {
  ApiRig<Repo> api;
  for (const Wrong& wrong : calls) {
    CAPTURE(wrong.call.target);
    CAPTURE(wrong.call.body);
    CAPTURE(wrong.call.headers);
    HttpClient client(api.server.port());
    const HttpReply reply = client.call(wrong.call.text());
    CHECK(reply.status == wrong.status);
    CHECK(reply.header("content-type") == "application/problem+json");
    CHECK(field_of(reply) == wrong.field);
    CHECK(json::parse(reply.body).at("status") == wrong.status);
  }
  CHECK(json::parse(api.get("/v1/conversations").body).at("conversations").empty());
}

Wrong event(const std::string& body, const std::string& field) {
  return {{.method = "POST", .target = kEvents, .body = body}, 400, field};
}

Wrong query(const std::string& text, const std::string& field) {
  return {{.method = "GET", .target = kEvents + "?" + text}, 400, field};
}

}  // namespace

TEST_CASE_TEMPLATE("wrong input: an event that does not fit is refused by its field", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  check_all<Repo>({event("{}", "type"),
                   event(R"({"type":"shout"})", "type"),
                   event(R"({"type":"meta","role":"boss"})", "role"),
                   event(R"({"type":"meta","content":5})", "content"),
                   event(R"({"type":"meta","content":[{"type":"image"}]})", "content[0]"),
                   event(R"({"type":"meta","tool_calls":{}})", "tool_calls"),
                   event(R"({"type":"meta","usage":{}})", "usage"),
                   event(R"({"type":"meta","extra":[]})", "extra"),
                   event(R"({"type":"meta","timestamp":"yesterday"})", "timestamp"),
                   event(R"({"type":"meta","seq":0})", "seq"),
                   event(R"({"type":"meta","token_count":-1})", "token_count"),
                   event(R"({"type":"meta","id":""})", "id"),
                   event(R"({"type":"meta","request_id":"a\u0000"})", "request_id"),
                   event(R"({"type":"meta","colour":"red"})", "colour"),
                   event(R"({"type":"meta","type":"meta"})", "type"),
                   event(R"({"type":"meta","conversation_id":"other"})", "conversation_id"),
                   event(R"([{"type":"meta"},{"type":"meta","role":5}])", "events[1].role"),
                   event(R"([{"type":"meta"},7])", "events[1]"),
                   event("{\"type\":\"meta\",\"content\":\"\xFF\"}", "body"),
                   event("{", "body"),
                   event("5", "body"),
                   event("[[]]", "events[0]")});
}

TEST_CASE_TEMPLATE("wrong input: a parameter out of range, unknown or repeated is refused by its name", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  check_all<Repo>({query("limit=0", "limit"), query("limit=10001", "limit"), query("limit=ten", "limit"),
                   query("limit=", "limit"), query("limit=1&limit=1", "limit"),
                   query("before_seq=-1", "before_seq"), query("after_seq=4294967296", "after_seq"),
                   query("after_seq=1.5", "after_seq"), query("max_tokens=-1", "max_tokens"),
                   query("max_tokens=5&limit=5", "max_tokens"),
                   query("max_tokens=99999999999999999999", "max_tokens"), query("offset=1", "offset"),
                   query("limit=%zz", "target")});
}

TEST_CASE_TEMPLATE("wrong input: a conversation or event id that is none is refused", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  std::vector<Wrong> calls;
  for (const std::string id : {"", "%00", "%0A", "%FF", "%C2%80"}) {
    calls.push_back(
        {{.method = "POST", .target = "/v1/conversations/" + id + "/events", .body = R"({"type":"meta"})"},
         400,
         "conversation_id"});
    calls.push_back({{.method = "GET", .target = kEvents + "/" + id}, 400, "id"});
  }
  calls.push_back(
      {{.method = "DELETE", .target = "/v1/conversations/" + std::string(257, 'x')}, 400, "conversation_id"});
  check_all<Repo>(calls);
}

TEST_CASE_TEMPLATE("wrong input: what is refused before the body is read stores nothing", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  const Call good{.method = "POST", .target = kEvents, .body = R"({"type":"meta"})"};
  const auto with = [&good](const std::string& headers) {
    Call call = good;
    call.headers = headers;
    return call;
  };
  Call unknown = good;
  unknown.target = "/v1/nothing";
  Call method = good;
  method.method = "PATCH";
  Call large = good;
  large.body = std::string(1024 * 1024 + 1, ' ');
  check_all<Repo>({{with("Content-Type: text/plain\r\n"), 415, "Content-Type"},
                   {with("Origin: https://evil.example\r\n"), 403, "Origin"},
                   {with("Origin: null\r\n"), 403, "Origin"},
                   {with("Host: localhost\r\n"), 400, "Host"},
                   {with("Transfer-Encoding: chunked\r\n"), 400, "Content-Length"},
                   {with("Content-Length: 15\r\n"), 400, "Content-Length"},
                   {unknown, 404, ""},
                   {method, 405, ""},
                   {large, 413, "body"}});
}

TEST_CASE_TEMPLATE("wrong input: one bad member keeps a whole list out", Repo, WEIR_BOTH_REPOSITORIES) {
  check_all<Repo>(
      {event(R"([{"type":"meta"},{"type":"meta","seq":0}])", "events[1].seq"),
       {{.method = "POST", .target = kEvents, .body = R"([{"type":"meta"},{"type":"meta","seq":5}])"},
        409,
        "events[1].seq"},
       {{.method = "POST",
         .target = kEvents,
         .body = R"([{"type":"meta","id":"e"},{"type":"meta","id":"e"}])"},
        409,
        "events[1].id"}});
}

TEST_CASE_TEMPLATE("wrong input: an answer never quotes what was sent", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (const std::string body :
       {R"({"type":"SECRET"})", R"({"type":"meta","timestamp":"SECRET"})", "SECRET"}) {
    CAPTURE(body);
    CHECK(api.post(kEvents, body).body.find("SECRET") == std::string::npos);
  }
  CHECK(api.get(kEvents + "?limit=SECRET").body.find("SECRET") == std::string::npos);
  CHECK(api.get("/v1/conversations?after=SECRET").body.find("SECRET") == std::string::npos);
}
