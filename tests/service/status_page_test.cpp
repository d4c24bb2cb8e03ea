#include "weir/service/status_page.h"

#include <doctest/doctest.h>

#include "service/api_rig.h"
#include "service/sha256.h"

using namespace weir::service;

namespace {

using Pooled = weir::repositories::sqlite::PooledSqlRepo;

constexpr std::string_view kToken = "0123456789abcdef";

std::string between(std::string_view text, std::string_view begin, std::string_view end) {
  const auto first = text.find(begin) + begin.size();
  REQUIRE(text.find(begin) != std::string_view::npos);
  REQUIRE(text.find(end, first) != std::string_view::npos);
  return std::string(text.substr(first, text.find(end, first) - first));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("status page: it is served at / as HTML that nobody keeps, frames or refers from") {
  ApiRig<Pooled> api;
  const HttpReply reply = api.get("/");
  CHECK(reply.status == 200);
  CHECK(reply.header("content-type") == "text/html; charset=utf-8");
  CHECK(reply.header("cache-control") == "no-store");
  CHECK(reply.header("x-content-type-options") == "nosniff");
  CHECK(reply.header("referrer-policy") == "no-referrer");
  CHECK(reply.body == kStatusPage.html);
  CHECK(reply.body.ends_with("</html>\n"));
}

TEST_CASE(
    "status page: the policy lets run the page's own script and style, by their hashes, and nothing else") {
  CHECK(Sha256::base64("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  ApiRig<Pooled> api;
  const HttpReply reply = api.get("/");
  const std::string script = Sha256::base64(between(reply.body, "<script>", "</script>"));
  const std::string style = Sha256::base64(between(reply.body, "<style>", "</style>"));
  CHECK(reply.header("content-security-policy") ==
        "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; script-src 'sha256-" +
            script + "'; style-src 'sha256-" + style +
            "'; require-trusted-types-for 'script'; trusted-types 'none'");
}

TEST_CASE("status page: it refers to nothing outside itself") {
  for (const std::string_view outside : {"http:", "https:", "ws:", "wss:", "src=", "@import", "url("}) {
    CAPTURE(outside);
    CHECK_FALSE(contains(kStatusPage.html, outside));
  }
}

TEST_CASE("status page: HEAD is answered with the head of the page alone; other methods are not its") {
  ApiRig<Pooled> api;
  api.client.send(Call{.method = "HEAD", .target = "/"}.text());
  const HttpReply head = api.client.read_head_reply();
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == std::to_string(kStatusPage.html.size()));
  CHECK(head.header("content-security-policy") == api.get("/").header("content-security-policy"));
  CHECK(api.get("/?token=x").status == 400);
  CHECK(api.post("/", "{}").status == 405);
}

TEST_CASE(
    "status page: without the token it is a 401 all the same, whose body is the page that asks for it") {
  const RunningServer server(any_port(), status_page_routes(), std::string(kToken));
  HttpClient client(server.port());
  const auto get = [&client](const std::string& headers) {
    return client.call(Call{.method = "GET", .target = "/", .headers = headers}.text());
  };
  for (const std::string headers : {"", "Authorization: Bearer wrong\r\n"}) {
    CAPTURE(headers);
    const HttpReply refused = get(headers);
    CHECK(refused.status == 401);
    CHECK(refused.header("www-authenticate") == "Bearer realm=\"weir\"");
    CHECK_FALSE(refused.header("content-security-policy").empty());
    CHECK(refused.body == kStatusPage.html);
  }
  CHECK(get("Authorization: Bearer " + std::string(kToken) + "\r\n").status == 200);
  CHECK(client.call(Call{.method = "GET", .target = "//"}.text()).body != kStatusPage.html);
  CHECK(client.call(Call{.method = "DELETE", .target = "/"}.text()).status == 401);
}
