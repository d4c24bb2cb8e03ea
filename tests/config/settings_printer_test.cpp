#include "weir/config/settings_printer.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>

#include "config/loading.h"
#include "weir/config/settings_keys.h"
#include "weir/config/yaml_text.h"

using namespace weir::config;
using weir::testing::load_text;

namespace {

/// Values for one field, of the kind it needs.
class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  template <class Number>
  Number number(Number least, Number most) {
    return std::uniform_int_distribution<Number>(least, most)(random_);
  }

  std::size_t count(std::size_t most = 1'000'000) { return number<std::size_t>(1, most); }

  /// Of any size a double has.
  weir::repositories::Seconds duration() {
    return weir::repositories::Seconds{
        std::ldexp(std::uniform_real_distribution<>(0.5, 1.0)(random_), number(-1000, 1000))};
  }

  std::string text() {
    constexpr std::array<std::string_view, 16> kParts = {
        "a", "7", " ", "#", ": ", "'", "\"", "\\", "-", "true", "[", "}", "&", "\xC3\xA4", "\xF0\x9F\x8C\x8A",
        "~"};
    std::string text;
    for (int n = number(1, 6); n > 0; --n) text += kParts[number<std::size_t>(0, kParts.size() - 1)];
    return text;
  }

  template <class Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[number<std::size_t>(0, values.size() - 1)];
  }

 private:
  std::mt19937_64 random_;
};

Settings random_settings(unsigned seed) {
  using namespace weir;
  Dice dice(seed);
  Settings s;
  s.repository = {dice.text(), dice.one_of({true, false})};
  s.pool.max_readers = dice.count(1000);
  s.pool.max_writers = dice.count(1000);
  s.pool.max_connections = s.pool.max_readers + s.pool.max_writers + dice.count(9);
  s.pool.max_waiters = dice.count();
  s.pool.connection_timeout = dice.duration();
  s.pool.health_check_interval = dice.duration();
  s.sqlite.synchronous =
      dice.one_of({repositories::sqlite::Synchronous::kNormal, repositories::sqlite::Synchronous::kFull});
  s.sqlite.busy_timeout = dice.duration();
  s.sqlite.wal_autocheckpoint = dice.number(1, 2'147'483'647);
  s.sqlite.checkpoint_pages = dice.number(1, 2'147'483'647);
  s.sqlite.wal_limit = dice.number<std::uint64_t>(1 << 20, 9'223'372'036'854'775'807);
  s.sqlite.max_read_age = dice.duration();
  s.sqlite.analyze_interval = dice.duration();
  s.write_group = {dice.count(), dice.count(), dice.duration()};
  s.retry = {dice.number(0, 100), dice.duration(), dice.number(0, 1000) / 1000.0};
  s.retention = {dice.one_of({history::RetentionPolicy::kUnlimited, history::RetentionPolicy::kTimeBased}),
                 dice.number<std::int64_t>(1, 9'223'372'036'854'775'807), 5, 6, dice.duration()};
  s.search = {dice.one_of({true, false}), dice.duration()};
  s.server.listen = dice.one_of<std::string>({"[::1]:0", "a.example:1"});
  if (dice.one_of({true, false})) s.server.token_file = dice.text();
  s.server.allowed_hosts = dice.one_of<std::vector<std::string>>({{}, {"a"}, {"[::1]", "b:1", "true", "c"}});
  s.server.allowed_origins = dice.one_of<std::vector<std::string>>({{}, {"https://a", "http://[::1]:1"}});
  s.server.max_body_bytes = dice.count();
  s.server.idle_timeout = dice.duration();
  s.server.default_conversation = dice.text();
  s.logging = {dice.one_of({LogLevel::kTrace, LogLevel::kError}), LogFormat::kJson};
  return s;
}

}  // namespace

TEST_CASE("printing: what was printed gives the same settings, whatever they are") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Settings settings = random_settings(seed);
    const std::string text = print_settings(settings);
    CAPTURE(text);
    const LoadedSettings loaded = load_text(text);
    CHECK(loaded.errors.empty());
    CHECK(loaded.settings.repository.path == settings.repository.path);
    CHECK(loaded.settings.repository.enable_pooling == settings.repository.enable_pooling);
    CHECK(loaded.settings.pool.connection_timeout == settings.pool.connection_timeout);
    CHECK(loaded.settings.server.token_file == settings.server.token_file);
    CHECK(loaded.settings.server.allowed_hosts == settings.server.allowed_hosts);
    CHECK(print_settings(loaded.settings) == text);
  }
}

TEST_CASE("printing: every key stands in its map with its value and one line of why") {
  const std::string text = print_settings(Settings{});
  CHECK(text.find("chat:\n  service:\n    repository:\n      path: data/history.db  # ") == 0);
  CHECK(text.find("\n        max_readers: 8               # ") != std::string::npos);
  CHECK(text.find("\nmetrics: {}\nlogging:\n") != std::string::npos);
  for (const Key& key : settings_keys()) {
    CAPTURE(key.path);
    CHECK(text.find("# " + key.why + '\n') != std::string::npos);
  }
}

TEST_CASE("printing: a long value pushes out its own comment only") {
  Settings settings;
  settings.server.token_file = "/" + std::string(80, 'x');
  const std::string text = print_settings(settings);
  CHECK(text.find("x\"  # holds the bearer token") != std::string::npos);
  CHECK(text.find("  read_threads: 8                # ") != std::string::npos);
}

TEST_CASE("yaml text: a string is quoted wherever a reader could take it for something else") {
  for (const std::string_view plain : {"data/history.db", "default", "a.example", "with-dash"})
    CHECK(yaml_string(plain) == plain);
  for (const std::string_view odd :
       {"", "y", "no", "on", "null", "true", "Yes", "8", "a b", "a:b", "#", "/x", "- a"}) {
    CAPTURE(odd);
    CHECK(yaml_string(odd) == '"' + std::string(odd) + '"');
  }
  CHECK(yaml_quoted("a\"\\\n\t\x01\x7F") == "\"a\\\"\\\\\\n\\t\\x01\\x7F\"");
}

TEST_CASE("yaml text: a number keeps all it has, and shows that it is no whole number") {
  CHECK(yaml_number(30) == "30.0");
  CHECK(yaml_number(0.05) == "0.05");
  CHECK(yaml_number(1e300) == "1e+300");
}
