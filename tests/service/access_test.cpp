// Every call there is, as docs/openapi.yaml lists them too, for who has no token or a wrong one.

#include <doctest/doctest.h>

#include "service/socket_rig.h"

using namespace weir::service;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

/// `path` with a letter for each placeholder.
std::string filled(std::string path) {
  for (std::size_t at = 0; (at = path.find('{')) != std::string::npos;) {
    path.replace(at, path.find('}') - at + 1, "x");
  }
  return path;
}

/// What each call would take for a body, were it let in.
std::string body_for(const Route& route) {
  const std::string_view path = route.path;
  if (path.ends_with("/events")) return R"({"type":"meta"})";
  if (path.ends_with("/chat")) return R"({"message":"x"})";
  if (path.ends_with("/compact")) return R"({"user_request_id":"x","content":"y"})";
  if (path.find("/personality/") != std::string_view::npos) return R"({"value":1})";
  return route.method == "PUT" ? R"({"title":"x","value":1})" : "";
}

template <class Repo>
struct GuardedRig {
  SocketRig<Repo> rig{any_port(), kToken};
  std::vector<Route> routes =
      all_routes({*rig.repository, rig.assistant, rig.summariser, {}}, ServerOptions{});

  HttpReply call(const Route& route, const std::string& headers) {
    HttpClient client(rig.port());
    const Call call{.method = std::string(route.method),
                    .target = filled(std::string(route.path)),
                    .body = body_for(route),
                    .headers = headers};
    return client.call(call.text());
  }
};

/// The headers of those who are not let in.
const std::vector<std::string> kWrong = {
    "",
    "Authorization: Bearer 0123456789abcdef0123456789abcdeF\r\n",
    "Authorization: Bearer \r\n",
    "Authorization: Basic " + kToken + "\r\n",
    "Authorization: Bearer " + kToken + "\r\nAuthorization: Bearer " + kToken + "\r\n",
    "X-Authorization: Bearer " + kToken + "\r\nCookie: token=" + kToken + "\r\n"};

}  // namespace

TEST_CASE_TEMPLATE("access: every call but /health asks for the token, and does nothing without it", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  GuardedRig<Repo> guarded;
  for (const Route& route : guarded.routes) {
    for (const std::string& headers : kWrong) {
      CAPTURE(route.method);
      CAPTURE(route.path);
      CAPTURE(headers);
      const HttpReply reply = guarded.call(route, headers);
      CHECK(reply.status == (route.path == "/health" ? 200 : 401));
      CHECK(reply.header("www-authenticate").starts_with("Bearer") == (reply.status == 401));
    }
  }
  CHECK(guarded.routes.size() > 25);
  CHECK(guarded.rig.repository->list_conversations({}).conversations.empty());
}

TEST_CASE("access: with the token every call is past the question") {
  GuardedRig<PooledSqlRepo> guarded;
  for (const Route& route : guarded.routes) {
    CAPTURE(route.path);
    CHECK(guarded.call(route, "Authorization: Bearer " + kToken + "\r\n").status != 401);
  }
}

TEST_CASE("access: no token in the target lets anybody in") {
  GuardedRig<PooledSqlRepo> guarded;
  for (const std::string query : {"token=", "access_token=", "authorization=Bearer%20"}) {
    HttpClient client(guarded.rig.port());
    const Call call{.method = "GET", .target = "/v1/conversations?" + query + kToken};
    CHECK(client.call(call.text()).status == 401);
  }
}

TEST_CASE("access: nobody is upgraded before he has shown the token") {
  GuardedRig<PooledSqlRepo> guarded;
  for (const std::string& headers : kWrong) {
    CAPTURE(headers);
    CHECK(guarded.rig.refusal(headers).status == 401);
  }
  CHECK(guarded.rig.refusal("Sec-WebSocket-Protocol: " + kToken + "\r\n").status == 401);
  const WebSocketClient let_in(guarded.rig.port(), "Authorization: Bearer " + kToken + "\r\n");
}
