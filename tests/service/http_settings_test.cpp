#include <doctest/doctest.h>

#include <atomic>

#include "service/api_rig.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::service;

namespace {

const std::string kTheme = "/v1/settings/user:7/theme";

Call put_call(const std::string& value, const std::string& headers = {}) {
  return {.method = "PUT", .target = kTheme, .body = R"({"value":)" + value + "}", .headers = headers};
}

Call get_call(const std::string& headers) {
  return {.method = "GET", .target = kTheme, .headers = headers};
}

Call delete_call(const std::string& headers = {}) {
  return {.method = "DELETE", .target = kTheme, .headers = headers};
}

std::string if_match(const std::string& tags) {
  return "If-Match: " + tags + "\r\n";
}

std::string if_none_match(const std::string& tags) {
  return "If-None-Match: " + tags + "\r\n";
}

/// A condition failed by `header`; the setting is of the version in `tag`, none when that is empty.
void check_failed(const HttpReply& reply, const std::string& header, const std::string& tag) {
  CHECK(reply.status == 412);
  CHECK(reply.header("content-type") == "application/problem+json");
  CHECK(field_of(reply) == header);
  CHECK(reply.header("etag") == tag);
}

}  // namespace

TEST_CASE_TEMPLATE("settings: set, read, changed and deleted, each with its version", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get(kTheme).status == 404);
  const HttpReply created = api.call(put_call(R"("dark")"));
  CHECK(created.status == 201);
  CHECK(created.header("etag") == "\"1\"");
  CHECK(created.body == R"({"scope":"user:7","key":"theme","value":"dark","version":1})");
  const HttpReply read = api.get(kTheme);
  CHECK(read.status == 200);
  CHECK(read.header("etag") == "\"1\"");
  CHECK(read.body == created.body);
  const HttpReply changed = api.call(put_call(R"("light")"));
  CHECK(changed.status == 200);
  CHECK(changed.header("etag") == "\"2\"");
  CHECK(json::parse(changed.body).at("value") == "light");
  CHECK(api.remove(kTheme).status == 204);
  CHECK(api.remove(kTheme).status == 404);
  CHECK(api.get(kTheme).status == 404);
  const HttpReply again = api.call(put_call("null"));
  CHECK(again.status == 201);
  CHECK(json::parse(again.body).at("version") > 2);
}

TEST_CASE_TEMPLATE("settings: any JSON value is kept as it was given, null too", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (const std::string value :
       {"null", "true", "0", "-1.50", "1e3", R"("")", R"("é\n")", "[]", R"({"b":[1,null],"a":{}})"}) {
    CAPTURE(value);
    api.call(put_call(value));
    const std::string body = api.get(kTheme).body;
    CHECK(body.find("\"value\":" + value + ",") != std::string::npos);
  }
}

TEST_CASE_TEMPLATE("settings: names are decoded, and one scope holds nothing of another", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const std::string target = "/v1/settings/a%2Fb/%C3%A9%20%22";
  CHECK(api.call({.method = "PUT", .target = target, .body = R"({"value":1})"}).status == 201);
  const json read = json::parse(api.get(target).body);
  CHECK(read.at("scope") == "a/b");
  CHECK(read.at("key") == "é \"");
  CHECK(api.get("/v1/settings/a/%C3%A9%20%22").status == 404);
}

TEST_CASE_TEMPLATE("settings: If-Match lets one version be changed, and tells the one there is", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  check_failed(api.call(put_call("1", if_match("*"))), "If-Match", "");
  check_failed(api.call(put_call("1", if_match("\"1\""))), "If-Match", "");
  CHECK(api.get(kTheme).status == 404);
  api.call(put_call("1"));
  CHECK(api.call(put_call("2", if_match("\"1\""))).status == 200);
  check_failed(api.call(put_call("3", if_match("\"1\""))), "If-Match", "\"2\"");
  check_failed(api.call(put_call("3", if_match("W/\"2\""))), "If-Match", "\"2\"");
  check_failed(api.call(put_call("3", if_match("\"abc\", \"02\""))), "If-Match", "\"2\"");
  CHECK(json::parse(api.get(kTheme).body).at("value") == 2);
  CHECK(api.call(put_call("3", if_match("\"7\", W/\"1\", \"2\""))).status == 200);
  CHECK(api.call(put_call("4", if_match("*"))).status == 200);
}

TEST_CASE_TEMPLATE("settings: If-None-Match: * sets what is absent and nothing else", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.call(put_call("1", if_none_match("*"))).status == 201);
  check_failed(api.call(put_call("2", if_none_match("*"))), "If-None-Match", "\"1\"");
  CHECK(json::parse(api.get(kTheme).body).at("value") == 1);
  api.remove(kTheme);
  CHECK(api.call(put_call("3", if_none_match("*"))).status == 201);
}

TEST_CASE_TEMPLATE("settings: a version is deleted only as long as it is there", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  check_failed(api.call(delete_call(if_match("\"1\""))), "If-Match", "");
  api.call(put_call("1"));
  check_failed(api.call(delete_call(if_match("\"2\""))), "If-Match", "\"1\"");
  CHECK(api.call(delete_call(if_match("\"1\""))).status == 204);
  api.call(put_call("1"));
  // The version from before the deletion never comes back.
  check_failed(api.call(delete_call(if_match("\"1\""))), "If-Match", "\"3\"");
  CHECK(api.call(delete_call(if_match("*"))).status == 204);
}

TEST_CASE_TEMPLATE("settings: who has the version already is not sent it again", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.call(get_call(if_none_match("*"))).status == 404);
  api.call(put_call("1"));
  for (const char* tags : {"\"1\"", "W/\"1\"", "\"7\", \"1\"", "*"}) {
    CAPTURE(tags);
    const HttpReply same = api.call(get_call(if_none_match(tags)));
    CHECK(same.status == 304);
    CHECK(same.header("etag") == "\"1\"");
    CHECK(same.header("content-length").empty());
    CHECK(same.header("content-type").empty());
  }
  CHECK(api.call(get_call(if_none_match("\"2\""))).status == 200);
  CHECK(api.call(get_call(if_match("\"1\""))).status == 200);
  check_failed(api.call(get_call(if_match("\"2\""))), "If-Match", "\"1\"");
}

TEST_CASE_TEMPLATE("settings: HEAD tells the version without the value", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  api.call(put_call("1"));
  api.client.send(Call{.method = "HEAD", .target = kTheme}.text());
  const HttpReply head = api.client.read_head_reply();
  CHECK(head.status == 200);
  CHECK(head.header("etag") == "\"1\"");
  CHECK(api.get(kTheme).status == 200);
}

TEST_CASE_TEMPLATE("settings: a scope is listed in pages that follow each other by next", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get("/v1/settings/s").body == R"({"settings":[],"next":null})");
  for (const char* key : {"e", "a", "d", "b", "c"}) {
    api.call({.method = "PUT", .target = std::string("/v1/settings/s/") + key, .body = R"({"value":1})"});
  }
  api.remove("/v1/settings/s/b");
  CHECK(api.get("/v1/settings/s?limit=1").body ==
        R"({"settings":[{"scope":"s","key":"a","value":1,"version":1}],"next":"a"})");
  std::string keys;
  std::string after;
  for (int pages = 0; pages < 2; ++pages) {
    const json page = json::parse(api.get("/v1/settings/s?limit=2" + after).body);
    for (const json& setting : page.at("settings")) keys += setting.at("key").get<std::string>();
    CHECK(page.at("next").is_null() == (pages == 1));
    if (page.at("next").is_string()) after = "&after=" + page.at("next").get<std::string>();
  }
  CHECK(keys == "acde");
  CHECK(json::parse(api.get("/v1/settings/s?after=bb").body).at("settings").size() == 3);
}

TEST_CASE_TEMPLATE("settings: what is wrong with a call is refused by its name, and nothing is set", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const auto refused = [&](const Call& call, const std::string& field) {
    CAPTURE(call.target);
    CAPTURE(call.body);
    CAPTURE(call.headers);
    const HttpReply reply = api.call(call);
    CHECK(reply.status == 400);
    CHECK(field_of(reply) == field);
    CHECK(reply.body.find("SECRET") == std::string::npos);
  };
  for (const char* body : {"{}", "{ }"}) refused({.method = "PUT", .target = kTheme, .body = body}, "value");
  for (const char* body : {"5", "[1]", "{", R"({"value":)", R"({"value":SECRET})", R"({"value":1e999})"}) {
    refused({.method = "PUT", .target = kTheme, .body = body}, "body");
  }
  refused({.method = "PUT", .target = kTheme, .body = R"({"value":1,"value":2})"}, "value");
  refused({.method = "PUT", .target = kTheme, .body = R"({"value":1,"version":2})"}, "version");
  refused(put_call("\"\xFF\""), "body");
  for (const char* tags : {"SECRET", "1", "\"1", "*, \"1\""}) {
    refused(put_call("1", if_match(tags)), "If-Match");
    refused(delete_call(if_match(tags)), "If-Match");
    refused(get_call(if_match(tags)), "If-Match");
    refused(get_call(if_none_match(tags)), "If-None-Match");
  }
  refused(put_call("1", if_none_match("\"1\"")), "If-None-Match");
  refused(delete_call(if_none_match("\"1\"")), "If-None-Match");
  refused(put_call("1", if_match("\"1\"") + if_none_match("*")), "If-None-Match");
  const std::string good = R"({"value":1})";
  refused({.method = "PUT", .target = "/v1/settings/" + std::string(257, 'x') + "/k", .body = good}, "scope");
  refused({.method = "PUT", .target = "/v1/settings/s/%00", .body = good}, "key");
  refused({.method = "GET", .target = "/v1/settings/%FF"}, "scope");
  for (const char* query : {"limit=0", "limit=1001", "limit=x", "after=%FF", "after=", "before=x"}) {
    refused({.method = "GET", .target = std::string("/v1/settings/user:7?") + query},
            std::string(query).substr(0, std::string(query).find('=')));
  }
  CHECK(api.get("/v1/settings/user:7").body == R"({"settings":[],"next":null})");
}

TEST_CASE_TEMPLATE("settings: a method it lacks and a body that is not said to be JSON are refused", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  Call call = put_call("1", "Content-Type: text/plain\r\n");
  CHECK(HttpClient(api.server.port()).call(call.text()).status == 415);
  call.method = "POST";
  CHECK(HttpClient(api.server.port()).call(call.text()).status == 405);
  CHECK(api.get(kTheme).status == 404);
}

TEST_CASE_TEMPLATE("settings: a value as large as a body may be is kept, a larger one is refused", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  const std::string most(ServerOptions{}.max_body_bytes - std::string(R"({"value":""})").size(), 'x');
  CHECK(api.call(put_call('"' + most + '"')).status == 201);
  CHECK(json::parse(api.get(kTheme).body).at("value") == most);
  HttpClient other(api.server.port());
  CHECK(other.call(put_call('"' + most + "x\"").text()).status == 413);
  CHECK(json::parse(api.get(kTheme).body).at("version") == 1);
}

TEST_CASE_TEMPLATE("settings: of many clients who compare with one version one is told it changed", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  weir::testing::for_rounds([&] {
    api.call(put_call("0"));
    const std::string seen = api.get(kTheme).header("etag");
    std::atomic<int> changed{0};
    std::atomic<int> refused{0};
    weir::testing::run_at_once(5, [&](std::size_t) {
      HttpClient client(api.server.port());
      const int status = client.call(put_call("1", if_match(seen)).text()).status;
      if (status == 200) ++changed;
      if (status == 412) ++refused;
    });
    REQUIRE(changed == 1);
    REQUIRE(refused == 4);
  });
}
