#include "weir/config/settings_reader.h"

#include <doctest/doctest.h>

#include "config/loading.h"

using weir::testing::errors_of;
using weir::testing::load_text;
using weir::testing::warnings_of;

namespace {

const std::string kPool = "chat.service.repository.connection_pool.";

/// A file that says one thing of the connection pool.
std::string pool(const std::string& text) {
  return "chat: {service: {repository: {connection_pool: {" + text + "}}}}";
}

}  // namespace

TEST_CASE("settings: what a file says is taken, the rest keeps its default") {
  const auto loaded = load_text(
      "chat:\n  service:\n    repository:\n      path: other.db\n      connection_pool:\n        "
      "enable_pooling: false\n"
      "server:\n  token_file: /run/token\n  allowed_hosts: [a.example, \"[::1]:1\"]\nlogging: {level: warn, "
      "format: json}\n");
  CHECK(loaded.errors.empty());
  CHECK(loaded.warnings.empty());
  CHECK(loaded.settings.repository.path == "other.db");
  CHECK_FALSE(loaded.settings.repository.enable_pooling);
  CHECK(loaded.settings.pool.max_readers == 8);
  CHECK(loaded.settings.server.token_file == "/run/token");
  CHECK(loaded.settings.server.allowed_hosts == std::vector<std::string>{"a.example", "[::1]:1"});
  CHECK(loaded.settings.logging.level == weir::config::LogLevel::kWarn);
  CHECK(loaded.settings.logging.format == weir::config::LogFormat::kJson);
}

TEST_CASE("settings: an error says where, which key, what was found and what is allowed") {
  CHECK(errors_of(pool("max_readers: eight")) ==
        "t.yaml:1:62: " + kPool +
            "max_readers: found string \"eight\", must be a whole number, 1 to 1000000\n");
}

TEST_CASE("settings: all errors are reported in one run, in the order of the file") {
  CHECK(
      errors_of(
          "logging:\n  level: loud\n  levle: info\n  level: 1\nserver:\n  read_threads: 0\n  listen: *x\n") ==
      "t.yaml:2:10: logging.level: found string \"loud\", must be trace, debug, info, warn or error\n"
      "t.yaml:3:3: logging.levle: found an unknown key, must be a known one, did you mean logging.level?\n"
      "t.yaml:4:3: logging.level: found a second time, must be given once (line 2 has it)\n"
      "t.yaml:4:10: logging.level: found number 1, must be trace, debug, info, warn or error\n"
      "t.yaml:6:17: server.read_threads: found number 0, must be a whole number, 1 to 1024\n"
      "t.yaml:7:11: server.listen: found broken YAML, must be well-formed: the referenced anchor is not "
      "defined\n");
}

TEST_CASE(
    "settings: an alias and a key that is no string are reported once, not also as what they stand for") {
  CHECK(errors_of("app: &x a:1\nserver: {listen: *x}\nlogging: *x\n") ==
        "t.yaml:1:6: app: found an anchor, must be written without one\n"
        "t.yaml:2:18: server.listen: found an alias, must be written out\n"
        "t.yaml:3:10: logging: found an alias, must be written out\n");
  CHECK(errors_of("server: {? [a] : 1}") == "t.yaml:1:12: server: found list as a key, must be a string\n");
}

TEST_CASE("settings: a refused value changes nothing") {
  CHECK(load_text(pool("max_readers: 0")).settings.pool.max_readers == 8);
  CHECK(load_text("server: {allowed_hosts: [a, 1]}").settings.server.allowed_hosts.empty());
}

TEST_CASE("settings: whole numbers are plain and within their range") {
  for (const std::string value : {"0", "-1", "8.0", "1e1", "010", "+8", "0x8", "1_0", "\"8\"", "true", "[8]",
                                  "{a: 8}", "", "~", "1000001", "99999999999999999999", "!!int 8"}) {
    CAPTURE(value);
    CHECK_FALSE(errors_of(pool("max_readers: " + value)).empty());
  }
  CHECK(errors_of(pool("max_readers: 1, max_writers: 1, max_connections: 2")).empty());
  CHECK(errors_of(pool("max_waiters: 1000000")).empty());
  CHECK_FALSE(errors_of(pool("max_waiters: 1000001")).empty());
}

TEST_CASE("settings: durations are any finite number above 0") {
  for (const std::string value : {"1e-9", "0.5", "1", "1e300"}) {
    CAPTURE(value);
    CHECK(errors_of(pool("connection_timeout: " + value)).empty());
  }
  for (const std::string value :
       {"0", "0.0", "-1", "1e400", "1e-400", ".inf", ".nan", "05", "1s", "\"1\"", "", "true", "[1]"}) {
    CAPTURE(value);
    CHECK_FALSE(errors_of(pool("connection_timeout: " + value)).empty());
  }
}

TEST_CASE("settings: a share is 0 to 1") {
  const auto jitter = [](const std::string& value) {
    return errors_of("chat: {service: {repository: {retry: {jitter: " + value + "}}}}");
  };
  CHECK(jitter("0").empty());
  CHECK(jitter("1").empty());
  CHECK_FALSE(jitter("1.1").empty());
  CHECK_FALSE(jitter("-0.1").empty());
}

TEST_CASE("settings: booleans are true and false only, and the error tells who writes yes") {
  for (const std::string value : {"yes", "no", "on", "off", "True", "\"true\"", "1", ""}) {
    CAPTURE(value);
    const std::string errors = errors_of(pool("enable_pooling: " + value));
    CHECK(errors.find("must be true or false, without quotes (yes, no, on and off are strings)") !=
          std::string::npos);
  }
}

TEST_CASE("settings: strings are text that fits its key") {
  for (const std::string path : {"\"\"", "\":memory:\"", "\"a\\0b\"", "\"a\\nb\"", "10", "true", "[a]", ""}) {
    CAPTURE(path);
    CHECK_FALSE(errors_of("chat: {service: {repository: {path: " + path + "}}}").empty());
  }
  CHECK(errors_of("server: {default_conversation: \"" + std::string(256, 'x') + "\"}").empty());
  CHECK_FALSE(errors_of("server: {default_conversation: \"" + std::string(257, 'x') + "\"}").empty());
  CHECK(errors_of("server: {assistant: oracle}") ==
        "t.yaml:1:21: server.assistant: found string \"oracle\", must be echo\n");
}

TEST_CASE("settings: a list is refused for its first wrong entry, where that stands") {
  CHECK(errors_of("server: {allowed_hosts: [a, \"b c\"]}") ==
        "t.yaml:1:29: server.allowed_hosts: found string \"b c\", must be a list, each entry HOST or "
        "HOST:PORT, an IPv6 "
        "address in brackets\n");
  CHECK_FALSE(errors_of("server: {allowed_hosts: a}").empty());
  CHECK_FALSE(errors_of("server: {allowed_origins: [chat.example]}").empty());
}

TEST_CASE("settings: null takes a token file back and is an error where a value is needed") {
  CHECK(errors_of("server: {token_file: null}").empty());
  CHECK(
      errors_of("server:\n  listen:\n").find("t.yaml:2:3: server.listen: found nothing, must be HOST:PORT") ==
      0);
}

TEST_CASE("settings: a map may be empty, but is nothing else") {
  CHECK(errors_of("chat:\nserver: ~\nmetrics: {}\nlogging:\n").empty());
  CHECK(errors_of("[a]") == "t.yaml:1:1: found list, must be a map\n");
  CHECK(errors_of("chat: 5") == "t.yaml:1:7: chat: found number 5, must be a map\n");
  CHECK(errors_of("metrics: true") == "t.yaml:1:10: metrics: found boolean true, must be a map\n");
  CHECK_FALSE(errors_of("server: !s {}").empty());
}

TEST_CASE("settings: unknown keys are errors in weir's sections and warnings elsewhere") {
  CHECK(errors_of("metrics: {enabled: true}").find("t.yaml:1:11: metrics.enabled: found an unknown key") ==
        0);
  CHECK_FALSE(errors_of("chat: {service: {repository: {x: 1}}}").empty());
  const std::string shared = "app: {a: 010, b: !env X}\nchat: {service: {other: 1}, more: 2}\nsever: {}\n";
  CHECK(errors_of(shared).empty());
  CHECK(warnings_of(shared) ==
        "t.yaml:1:1: app: found an unknown key, which is ignored\n"
        "t.yaml:2:18: chat.service.other: found an unknown key, which is ignored\n"
        "t.yaml:2:29: chat.more: found an unknown key, which is ignored\n"
        "t.yaml:3:1: sever: found an unknown key, which is ignored, did you mean server?\n");
}

TEST_CASE("settings: a key with a dot in it is not a path") {
  const auto loaded = load_text("server.listen: a:1\n");
  CHECK(loaded.settings.server.listen == "127.0.0.1:8080");
  CHECK(loaded.warnings.size() == 1);
}

TEST_CASE("settings: readers and writers must fit the connections, whichever of them is given") {
  const std::string rest = ", must together be at most max_connections, ";
  CHECK(errors_of(pool("max_connections: 4")) ==
        "t.yaml:1:66: " + kPool + "max_connections: found max_readers 8 and max_writers 2" + rest + "4\n");
  CHECK(errors_of(pool("max_readers: 9")) ==
        "t.yaml:1:62: " + kPool + "max_readers: found max_readers 9 and max_writers 2" + rest + "10\n");
  CHECK(errors_of(pool("max_writers: 3")) ==
        "t.yaml:1:62: " + kPool + "max_writers: found max_readers 8 and max_writers 3" + rest + "10\n");
}

TEST_CASE("settings: what does not fit only because another value was refused is not reported") {
  const std::string errors = errors_of(pool("max_connections: 0, max_readers: 20"));
  CHECK(errors.find("max_connections: found number 0") != std::string::npos);
  CHECK(errors.find("together") == std::string::npos);
}

TEST_CASE("settings: a long or odd text is shown short and on one line") {
  const std::string errors = errors_of("server: {listen: \"" + std::string(500, 'x') + "\", \"a\\nb\": 1}");
  CHECK(errors.find(std::string(40, 'x') + "...\"") != std::string::npos);
  CHECK(errors.find(std::string(41, 'x')) == std::string::npos);
  CHECK(errors.find("server.\"a\\nb\": found an unknown key") != std::string::npos);
}
