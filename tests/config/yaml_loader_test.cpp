#include "weir/config/yaml_loader.h"

#include <doctest/doctest.h>

#include <random>

#include "config/loading.h"
#include "weir/config/settings_printer.h"

using namespace weir::config;
using weir::testing::errors_of;
using weir::testing::load_text;
using weir::testing::printed;
using weir::testing::ScratchDirectory;

namespace {

/// Stands in a directory until it is gone.
class WorkingDirectory {
 public:
  explicit WorkingDirectory(const std::filesystem::path& path) { std::filesystem::current_path(path); }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;
  ~WorkingDirectory() { std::filesystem::current_path(before_); }

 private:
  const std::filesystem::path before_ = std::filesystem::current_path();
};

std::string override_errors(const std::string& override) {
  return errors_of("", {override});
}

}  // namespace

TEST_CASE("loading: without --config ./config.yaml is read, and its absence means the defaults") {
  const ScratchDirectory directory;
  const WorkingDirectory here(directory / "");
  const LoadedSettings absent = load_settings({}, {});
  CHECK(absent.errors.empty());
  CHECK(print_settings(absent.settings) == print_settings(Settings{}));
  directory.write("config.yaml", "logging: {level: debug}\nserver: {x: 1}");
  const LoadedSettings present = load_settings({}, {});
  CHECK(present.settings.logging.level == LogLevel::kDebug);
  REQUIRE(present.errors.size() == 1);
  CHECK(to_string(present.errors.front()).find("config.yaml:2:10: server.x: ") == 0);
}

TEST_CASE("loading: a file named with --config must be there") {
  const ScratchDirectory directory;
  CHECK(printed(load_settings(directory / "absent.yaml", {}).errors) ==
        std::vector<std::string>{"absent.yaml: cannot be read: No such file or directory"});
}

TEST_CASE("loading: a file that is empty or holds comments only means the defaults") {
  for (const std::string_view text : {"", "\n", "# nothing\n", "---\n"}) {
    CAPTURE(text);
    const LoadedSettings loaded = load_text(text);
    CHECK(loaded.errors.empty());
    CHECK(print_settings(loaded.settings) == print_settings(Settings{}));
  }
}

TEST_CASE("overrides: they stand over the file, and the last of two counts") {
  const auto loaded =
      load_text("server: {read_threads: 2, write_threads: 2}",
                {"server.read_threads=3", "server.read_threads=4", "server.allowed_hosts=[a, b]"});
  CHECK(loaded.errors.empty());
  CHECK(loaded.settings.server.read_threads == 4);
  CHECK(loaded.settings.server.write_threads == 2);
  CHECK(loaded.settings.server.allowed_hosts.size() == 2);
}

TEST_CASE("overrides: the value is YAML, a map or nothing too") {
  const auto loaded =
      load_text("server: {token_file: t}", {"logging={level: error, format: json}", "server.token_file="});
  CHECK(loaded.errors.empty());
  CHECK(loaded.settings.logging.format == LogFormat::kJson);
  CHECK_FALSE(loaded.settings.server.token_file);
}

TEST_CASE("overrides: they pass the same checks, named by their key") {
  CHECK(override_errors("server.read_threads=\"4\"") ==
        "--set: server.read_threads: found string \"4\", must be a whole number, 1 to 1024 (in quotes it is "
        "a string)\n");
  CHECK(override_errors("server.lissten=a:1") ==
        "--set: server.lissten: found an unknown key, must be a known one, did you mean server.listen?\n");
  CHECK(override_errors("logging={level: info, level: warn}").find("--set: logging: found a second time") ==
        0);
  CHECK(override_errors("server.listen=&a a:1").find("--set: server.listen: found an anchor") == 0);
  CHECK(override_errors("server.allowed_hosts=[a").find("--set: server.allowed_hosts: found broken YAML") ==
        0);
  CHECK_FALSE(override_errors("chat.service.repository.connection_pool.max_readers=99").empty());
}

TEST_CASE("overrides: an unknown key is an error everywhere, for a command line is weir's alone") {
  for (const std::string override : {"app.x=1", "x=1", "=1", ".=1", "server..listen=a:1"}) {
    CAPTURE(override);
    CHECK(override_errors(override).find("unknown key") != std::string::npos);
  }
}

TEST_CASE("overrides: a path that goes on below an option is a map where none belongs") {
  CHECK(override_errors("server.listen.port=1").find("--set: server.listen: found map, must be HOST:PORT") ==
        0);
}

TEST_CASE("overrides: what has no = is refused without showing it") {
  CHECK(override_errors("secret") == "--set: found an argument without =, must be key.path=value\n");
}

TEST_CASE("overrides: a value that YAML would cut short is refused, in quotes it is whole") {
  const std::string key = "chat.service.repository.path";
  CHECK(override_errors(key + "=data #1.db") ==
        "--set: " + key + ": found an unquoted value that YAML cuts short, must be in quotes\n");
  CHECK_FALSE(override_errors("server.token_file=# a").empty());
  CHECK_FALSE(override_errors("server.read_threads=4 # a").empty());
  CHECK(load_text("", {key + "='data #1.db'"}).settings.repository.path == "data #1.db");
}

TEST_CASE("overrides: a string made into one comes out the same, whatever YAML would make of it") {
  const std::string_view key = "chat.service.repository.path";
  for (const std::string_view text :
       {"a #b", "8", "true", "null", "~", "a: b", "[x]", "'", "\"\\", "*a", "&a", "- a", "\xC3\xA4", " a "}) {
    CAPTURE(text);
    CHECK(load_text("", {to_override({key, text})}).settings.repository.path == text);
  }
}

TEST_CASE("loading: errors come in the order of the file, those of overrides last") {
  const auto lines = printed(load_text("server: {x: 1}\nserver: {y: 1}\n", {"z=1"}).errors);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].find("t.yaml:1:10: ") == 0);
  CHECK(lines[1].find("t.yaml:2:1: ") == 0);
  CHECK(lines[2].find("t.yaml:2:10: ") == 0);
  CHECK(lines[3].find("--set: ") == 0);
}

TEST_CASE("loading: no change of a few bytes of a good file makes it throw or break off") {
  std::mt19937 random(7);
  const std::string good = print_settings(Settings{});
  const std::string_view bytes = "{}[]:,&*!|>'\"%@`#?- \n\t\xC3x0";
  for (int round = 0; round < 300; ++round) {
    std::string text = good;
    for (int change = 0; change < 3; ++change) text[random() % text.size()] = bytes[random() % bytes.size()];
    CAPTURE(text);
    CHECK_NOTHROW(load_text(text));
  }
}
