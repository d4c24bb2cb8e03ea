#include "weir/config/settings_keys.h"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "config/loading.h"
#include "weir/config/settings_printer.h"

using namespace weir::config;
using weir::testing::load_text;
using weir::testing::read_file;

namespace {

/// For every key an allowed value that is not its default, as it is printed.
const std::map<std::string_view, std::string_view> kOtherValues = {
    {"path", "other.db"},
    {"enable_pooling", "false"},
    {"max_connections", "11"},
    {"max_readers", "7"},
    {"max_writers", "1"},
    {"max_waiters", "3"},
    {"connection_timeout", "1.5"},
    {"health_check_interval", "2.5"},
    {"synchronous", "full"},
    {"locking", "exclusive"},
    {"busy_timeout", "3.5"},
    {"checkpoint_pages", "20"},
    {"wal_autocheckpoint", "4"},
    {"wal_limit", "1048577"},
    {"max_read_age", "9.5"},
    {"analyze_interval", "4.5"},
    {"max_members", "21"},
    {"max_bytes", "22"},
    {"max_time", "10.5"},
    {"max_retries", "6"},
    {"base_delay", "5.5"},
    {"jitter", "0.5"},
    {"policy", "time_based"},
    {"max_tokens_per_conversation", "9"},
    {"max_messages_per_conversation", "12"},
    {"retention_days", "13"},
    {"interval", "14.5"},
    {"enabled", "false"},
    {"index_interval", "11.5"},
    {"operation", "12.5"},
    {"hold", "13.5"},
    {"listen", "\"[::1]:0\""},
    {"token_file", "token"},
    {"allowed_hosts", "[a.example, b.example]"},
    {"allowed_origins", "[\"https://a.example\"]"},
    {"max_body_bytes", "14"},
    {"max_header_bytes", "1500"},
    {"max_queued_requests", "16"},
    {"request_timeout", "6.5"},
    {"idle_timeout", "7.5"},
    {"drain_timeout", "8.5"},
    {"ws_ping_interval", "9.5"},
    {"ws_max_pending", "22"},
    {"read_threads", "17"},
    {"write_threads", "18"},
    {"context_messages", "19"},
    {"summary_batch", "21"},
    {"default_conversation", "other"},
    {"level", "warn"},
    {"format", "json"},
};

std::string_view name_of(const Key& key) {
  return std::string_view(key.path).substr(key.path.rfind('.') + 1);
}

const std::string kRoot = WEIR_SOURCE_DIR;

}  // namespace

TEST_CASE("keys: each is bound to a field of its own, for reading and for printing") {
  std::set<std::string> printed;
  for (const Key& key : settings_keys()) {
    if (name_of(key) == "assistant") continue;  // one word only: it has no other value
    CAPTURE(key.path);
    const std::string_view value = kOtherValues.at(name_of(key));
    const LoadedSettings loaded = load_text("", {key.path + '=' + std::string(value)});
    CHECK(loaded.errors.empty());
    CHECK(key.print(loaded.settings) == value);
    CHECK(key.print(Settings{}) != value);
    CHECK(printed.insert(print_settings(loaded.settings)).second);
    for (const Key& other : settings_keys()) {
      if (other.path != key.path) CHECK(other.print(loaded.settings) == other.print(Settings{}));
    }
  }
}

TEST_CASE("keys: groups are what stands above keys, and metrics") {
  CHECK(is_group("chat"));
  CHECK(is_group("chat.service.repository.retry"));
  CHECK(is_group("metrics"));
  CHECK_FALSE(is_group("server.listen"));
  CHECK_FALSE(is_group("serve"));
  CHECK(is_in_section("metrics.x"));
  CHECK_FALSE(is_in_section("metricsx"));
  CHECK_FALSE(is_in_section("chat.service"));
  CHECK(find_key("server") == nullptr);
}

TEST_CASE("config.yaml: the shipped file says what no file says, with every key and its why") {
  const LoadedSettings loaded = load_settings(kRoot + "/config.yaml", {});
  CHECK(loaded.errors.empty());
  CHECK(loaded.warnings.empty());
  CHECK(print_settings(loaded.settings) == print_settings(Settings{}));
  const std::string text = read_file(kRoot + "/config.yaml");
  CHECK(text.substr(text.find("chat:")) == print_settings(Settings{}));
}

TEST_CASE("docs/configuration.md: every key stands in it with its default and what is allowed") {
  const std::string text = read_file(kRoot + "/docs/configuration.md");
  for (const Key& key : settings_keys()) {
    const std::string row =
        "\n| `" + key.path + "` | `" + key.print(Settings{}) + "` | " + key.allowed + " | ";
    CAPTURE(row);
    CHECK(text.find(row) != std::string::npos);
  }
}

TEST_CASE("docs/configuration.md: no row names a key that is gone") {
  const std::string text = read_file(kRoot + "/docs/configuration.md");
  std::size_t rows = 0;
  for (std::size_t at = text.find("\n| `"); at != std::string::npos; at = text.find("\n| `", at + 1)) ++rows;
  CHECK(rows == settings_keys().size());
}
