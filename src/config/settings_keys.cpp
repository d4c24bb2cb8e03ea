#include "weir/config/settings_keys.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "weir/config/host.h"
#include "weir/config/rules.h"

namespace weir::config {
namespace {

using history::RetentionOptions;
using history::RetentionPolicy;
using repositories::PoolOptions;
using repositories::RetryOptions;
using repositories::SlowLogOptions;
using repositories::WriteGroupOptions;
using repositories::sqlite::Locking;
using repositories::sqlite::SearchOptions;
using repositories::sqlite::SqliteOptions;
using repositories::sqlite::Synchronous;
using service::ServerOptions;

constexpr std::int64_t kMostConnections = 1'000'000;
constexpr std::int64_t kMostThreads = 1024;
constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;
constexpr std::int64_t kMostBodyBytes = std::int64_t{64} << 20;  // half of the longest row the database takes
constexpr std::int64_t kMostHeaderBytes = std::int64_t{1} << 20;
constexpr std::int64_t kMostContext = 10'000;  // what one call returns
constexpr std::int64_t kLeastLog = std::int64_t{1} << 20;
constexpr std::int64_t kMostDays = 1'000'000;

bool is_file_path(std::string_view text) {
  return !text.empty() && text != ":memory:";
}

bool is_conversation_id(std::string_view text) {
  return !text.empty() && text.size() <= 256;
}

const Text kFilePath{"a string, the path of a file", is_file_path};
const Text kListenAddress{"HOST:PORT, as 127.0.0.1:8080 or [::1]:8080, the port 0 to 65535",
                          is_host_and_port};
const Text kHost{"HOST or HOST:PORT, an IPv6 address in brackets", is_host_with_or_without_port};
const Text kOrigin{"SCHEME://HOST or SCHEME://HOST:PORT, as https://chat.example", is_origin};
const Text kConversation{"a string of 1 to 256 bytes without control characters", is_conversation_id};

/// Writes the rows of one map of the file, all bound to fields of one option struct.
template <class Options>
class Rows {
 public:
  Rows(std::vector<Key>& keys, std::string_view group, Options Settings::*options)
      : keys_(keys), group_(group), options_(options) {}

  template <class Field, class Rule>
  Rows& row(std::string_view name, Field Options::*field, Rule rule, std::string_view why) {
    Key key{group_ + '.' + std::string(name), rule.allowed(), std::string(why), {}, {}};
    key.take = [o = options_, field, rule](const Node& node, Settings& s) {
      return rule.take(node, s.*o.*field);
    };
    key.print = [o = options_, field, rule](const Settings& s) { return rule.print(s.*o.*field); };
    keys_.push_back(std::move(key));
    return *this;
  }

 private:
  std::vector<Key>& keys_;
  const std::string group_;
  Options Settings::*const options_;
};

void add_repository(std::vector<Key>& keys) {
  Rows(keys, "chat.service.repository", &Settings::repository)
      .row("path", &RepositoryOptions::path, kFilePath, "the database file, from the working directory");
}

void add_pool(std::vector<Key>& keys) {
  const Whole count{1, kMostConnections};
  constexpr std::string_view kGroup = "chat.service.repository.connection_pool";
  Rows(keys, kGroup, &Settings::repository)
      .row("enable_pooling", &RepositoryOptions::enable_pooling, Flag{},
           "false: the legacy single-connection AsyncSqlRepo");
  Rows(keys, kGroup, &Settings::pool)
      .row("max_connections", &PoolOptions::max_connections, count, "max_readers + max_writers must fit")
      .row("max_readers", &PoolOptions::max_readers, count, "more than the cores that read adds latency only")
      .row("max_writers", &PoolOptions::max_writers, count, "one writes, one is warm to take over")
      .row("max_waiters", &PoolOptions::max_waiters, count, "further callers are refused at once")
      .row("connection_timeout", &PoolOptions::connection_timeout, Duration{},
           "seconds: the default deadline of a whole call")
      .row("health_check_interval", &PoolOptions::health_check_interval, Duration{},
           "seconds between probes of idle connections");
}

void add_sqlite(std::vector<Key>& keys) {
  const Whole pages{1, std::numeric_limits<int>::max()};
  Rows(keys, "chat.service.repository.sqlite", &Settings::sqlite)
      .row("synchronous", &SqliteOptions::synchronous,
           Words<Synchronous>{{{"normal", Synchronous::kNormal}, {"full", Synchronous::kFull}}},
           "normal: commits survive a kill | full: a power cut too")
      .row("locking", &SqliteOptions::locking,
           Words<Locking>{{{"shared", Locking::kShared}, {"exclusive", Locking::kExclusive}}},
           "shared: other programs may use the file | exclusive: they are kept out")
      .row("busy_timeout", &SqliteOptions::busy_timeout, Duration{},
           "seconds to wait for other processes, within the deadline")
      .row("checkpoint_pages", &SqliteOptions::checkpoint_pages, pages,
           "pages in the log before they are copied back, beside the callers")
      .row("wal_autocheckpoint", &SqliteOptions::wal_autocheckpoint, pages,
           "further pages before a COMMIT copies them itself: the backstop")
      .row("wal_limit", &SqliteOptions::wal_limit, Whole{kLeastLog, std::numeric_limits<std::int64_t>::max()},
           "bytes of the log from which readers are held up to cut it")
      .row("max_read_age", &SqliteOptions::max_read_age, Duration{},
           "seconds of a read that may keep the log above that")
      .row("analyze_interval", &SqliteOptions::analyze_interval, Duration{},
           "seconds between refreshes of the planner's statistics");
}

void add_write_group(std::vector<Key>& keys) {
  Rows(keys, "chat.service.repository.write_group", &Settings::write_group)
      .row("max_members", &WriteGroupOptions::max_members, Whole{1, kMostConnections},
           "writes that are stored by one commit")
      .row("max_bytes", &WriteGroupOptions::max_bytes, Whole{1, kMostBytes},
           "of them together; a larger write is stored alone")
      .row("max_time", &WriteGroupOptions::max_time, Duration{},
           "seconds after which a group takes no further write");
}

void add_retry(std::vector<Key>& keys) {
  Rows(keys, "chat.service.repository.retry", &Settings::retry)
      .row("max_retries", &RetryOptions::max_retries, Whole{0, 100},
           "lock errors only: waits of 50, 100, 200, 400, 800 ms ...")
      .row("base_delay", &RetryOptions::base_delay, Duration{},
           "seconds before the first retry; doubled each time")
      .row("jitter", &RetryOptions::jitter, Share{}, "... plus up to this share of the wait");
}

void add_retention(std::vector<Key>& keys) {
  const Whole amount{1, std::numeric_limits<std::int64_t>::max()};
  const Words<RetentionPolicy> policies{{{"unlimited", RetentionPolicy::kUnlimited},
                                         {"token_limit", RetentionPolicy::kTokenLimit},
                                         {"message_count", RetentionPolicy::kMessageCount},
                                         {"time_based", RetentionPolicy::kTimeBased}}};
  Rows(keys, "chat.service.repository.retention", &Settings::retention)
      .row("policy", &RetentionOptions::policy, policies,
           "nothing is deleted unasked | token_limit | message_count | time_based")
      .row("max_tokens_per_conversation", &RetentionOptions::max_tokens_per_conversation, amount,
           "for token_limit")
      .row("max_messages_per_conversation", &RetentionOptions::max_messages_per_conversation, amount,
           "for message_count")
      .row("retention_days", &RetentionOptions::retention_days, Whole{1, kMostDays}, "for time_based")
      .row("interval", &RetentionOptions::interval, Duration{},
           "seconds between two passes in the background");
}

void add_search(std::vector<Key>& keys) {
  Rows(keys, "chat.service.repository.search", &Settings::search)
      .row("enabled", &SearchOptions::enabled, Flag{}, "false: no full text, and nothing is indexed")
      .row("index_interval", &SearchOptions::index_interval, Duration{},
           "seconds between looks for messages to index; a search looks itself");
}

void add_server_door(Rows<ServerOptions>& server) {
  server.row("listen", &ServerOptions::listen, kListenAddress, "HOST:PORT; port 0 picks a free one")
      .row("token_file", &ServerOptions::token_file, OptionalText{kFilePath},
           "holds the bearer token; required off loopback, unless WEIR_TOKEN is set")
      .row("allowed_hosts", &ServerOptions::allowed_hosts, TextList{kHost},
           "accepted in Host besides loopback names and the listen host")
      .row("allowed_origins", &ServerOptions::allowed_origins, TextList{kOrigin},
           "browser origins that may change something, besides the same host");
}

void add_server_limits(Rows<ServerOptions>& server) {
  const Whole count{1, kMostConnections};
  const Whole threads{1, kMostThreads};
  server
      .row("max_body_bytes", &ServerOptions::max_body_bytes, Whole{1, kMostBodyBytes},
           "of a request; a larger one gets 413")
      .row("max_header_bytes", &ServerOptions::max_header_bytes, Whole{256, kMostHeaderBytes},
           "of a request, all its header lines together")
      .row("max_connections", &ServerOptions::max_connections, count, "further ones are closed at once")
      .row("max_queued_requests", &ServerOptions::max_queued_requests, count,
           "waiting for a worker thread; further ones get 503")
      .row("request_timeout", &ServerOptions::request_timeout, Duration{},
           "seconds to receive a whole request, and to send a whole answer")
      .row("idle_timeout", &ServerOptions::idle_timeout, Duration{},
           "seconds between requests of one connection")
      .row("drain_timeout", &ServerOptions::drain_timeout, Duration{},
           "seconds for requests in flight after SIGTERM")
      .row("ws_ping_interval", &ServerOptions::ws_ping_interval, Duration{},
           "seconds of silence before a WebSocket is pinged; its pong is due within as many")
      .row("ws_max_pending", &ServerOptions::ws_max_pending, count,
           "messages of a WebSocket behind the one being answered; then none is read")
      .row("read_threads", &ServerOptions::read_threads, threads, "run calls that read")
      .row("write_threads", &ServerOptions::write_threads, threads,
           "run calls that write, which wait for each other");
}

void add_server_chat(Rows<ServerOptions>& server) {
  server
      .row("assistant", &ServerOptions::assistant, Words<std::string>{{{"echo", "echo"}}},
           "who answers /api/chat: echo")
      .row("context_messages", &ServerOptions::context_messages, Whole{1, kMostContext},
           "recent events given to the assistant")
      .row("summary_batch", &ServerOptions::summary_batch, Whole{2, kMostContext},
           "messages that one summary stands for")
      .row("default_conversation", &ServerOptions::default_conversation, kConversation,
           "of a chat message that names none");
}

void add_slow_log(std::vector<Key>& keys) {
  Rows(keys, "chat.service.repository.slow_log", &Settings::slow_log)
      .row("operation", &SlowLogOptions::operation, Duration{}, "seconds from which a call is logged")
      .row("hold", &SlowLogOptions::hold, Duration{},
           "seconds from which a hold of a reader or of the write ticket is logged");
}

void add_server(std::vector<Key>& keys) {
  Rows server(keys, "server", &Settings::server);
  add_server_door(server);
  add_server_limits(server);
  add_server_chat(server);
}

void add_logging(std::vector<Key>& keys) {
  const Words<LogLevel> levels{{{"trace", LogLevel::kTrace},
                                {"debug", LogLevel::kDebug},
                                {"info", LogLevel::kInfo},
                                {"warn", LogLevel::kWarn},
                                {"error", LogLevel::kError}}};
  const Words<LogFormat> formats{{{"text", LogFormat::kText}, {"json", LogFormat::kJson}}};
  Rows(keys, "logging", &Settings::logging)
      .row("level", &LoggingOptions::level, levels, "trace | debug | info | warn | error")
      .row("format", &LoggingOptions::format, formats, "text | json, one object a line");
}

std::vector<Key> build_keys() {
  std::vector<Key> keys;
  add_repository(keys);
  add_pool(keys);
  add_sqlite(keys);
  add_write_group(keys);
  add_retry(keys);
  add_retention(keys);
  add_search(keys);
  add_slow_log(keys);
  add_server(keys);
  add_logging(keys);
  return keys;
}

/// Whether `path` is `group`, or a key or group inside it.
bool is_within(std::string_view path, std::string_view group) {
  return path.starts_with(group) && (path.size() == group.size() || path[group.size()] == '.');
}

}  // namespace

const std::vector<Key>& settings_keys() {
  static const std::vector<Key> keys = build_keys();
  return keys;
}

const Key* find_key(std::string_view path) {
  const auto& keys = settings_keys();
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.path == path; });
  return found == keys.end() ? nullptr : &*found;
}

bool is_group(std::string_view path) {
  const auto holds = [&](std::string_view inner) { return is_within(inner, path); };
  const auto& keys = settings_keys();
  return std::any_of(kSections.begin(), kSections.end(), holds) ||
         std::any_of(keys.begin(), keys.end(),
                     [&](const Key& key) { return key.path != path && holds(key.path); });
}

bool is_in_section(std::string_view path) {
  return std::any_of(kSections.begin(), kSections.end(),
                     [&](auto section) { return is_within(path, section); });
}

}  // namespace weir::config
