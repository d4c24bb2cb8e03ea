#include "weir/service/prometheus_observer.h"

#include "weir/service/prometheus_page.h"

namespace weir::service {
namespace {

using repositories::CheckResult;
using repositories::Duration;
using repositories::Operation;
using repositories::Outcome;
using repositories::PoolKind;
using repositories::Replaced;
using enum PrometheusPage::Kind;

using Counter = std::atomic<std::uint64_t>;

/// A label and all the values it can have.
template <std::size_t kSize>
struct LabelSet {
  std::string_view label;
  std::array<std::string_view, kSize> values;
};
template <std::size_t kSize>
LabelSet(const char*, std::array<std::string_view, kSize>) -> LabelSet<kSize>;

constexpr LabelSet kPools{"pool", repositories::kPoolKindNames};
constexpr LabelSet kReasons{"reason", repositories::kReplacedNames};
constexpr LabelSet kResults{"result", repositories::kCheckResultNames};
constexpr LabelSet kOperations{"operation", repositories::kVerbNames};
constexpr LabelSet kOutcomes{"outcome", repositories::kOutcomeNames};
constexpr LabelSet kCheckpoints{"result", repositories::kCheckpointResultNames};
constexpr LabelSet kCodes{"code", kHttpStatusDigits};
constexpr LabelSet kReloads{"outcome", kReloadNames};
constexpr LabelSet kStates{"state", std::array<std::string_view, 2>{"idle", "in_use"}};
constexpr LabelSet kRepositories{"repository",
                                 std::array<std::string_view, 2>{"PooledSqlRepo", "AsyncSqlRepo"}};

void count_one(Counter& counter) noexcept {
  counter.fetch_add(1, std::memory_order_relaxed);
}

template <class Enum, std::size_t kSize>
void count_one(std::array<Counter, kSize>& counters, Enum which) noexcept {
  count_one(counters[static_cast<std::size_t>(which)]);
}

std::uint64_t shown(std::uint64_t value) {
  return value;
}
std::uint64_t shown(const Counter& counter) {
  return counter.load(std::memory_order_relaxed);
}
LatencyHistogram::Snapshot shown(const LatencyHistogram& histogram) {
  return histogram.snapshot();
}

/// One family: a series for each value of `set`, of what `pick` finds in the owner that stands at its place.
template <std::size_t kSize, class Owner, class Pick>
void add(PrometheusPage& page, const PrometheusPage::Family& family, const LabelSet<kSize>& set,
         const std::array<Owner, kSize>& owners, Pick pick) {
  page.begin(family);
  for (std::size_t i = 0; i < kSize; ++i) page.add({{set.label, set.values[i]}}, shown(pick(owners[i])));
}

/// The same where each owner has an array of values, one for each value of `inner`.
template <std::size_t kSize, std::size_t kInnerSize, class Owner, class Pick>
void add(PrometheusPage& page, const PrometheusPage::Family& family, const LabelSet<kSize>& set,
         const LabelSet<kInnerSize>& inner, const std::array<Owner, kSize>& owners, Pick pick) {
  page.begin(family);
  for (std::size_t i = 0; i < kSize; ++i) {
    const auto& values = pick(owners[i]);
    for (std::size_t k = 0; k < kInnerSize; ++k) {
      page.add({{set.label, set.values[i]}, {inner.label, inner.values[k]}}, shown(values[k]));
    }
  }
}

/// A family of one series.
template <class Value>
void add_one(PrometheusPage& page, const PrometheusPage::Family& family, const Value& value) {
  page.begin(family);
  page.add({}, shown(value));
}

constexpr auto kItself = [](const auto& value) -> const auto& {
  return value;
};

void add_info(PrometheusPage& page, const history::RepositoryInfo& info) {
  add(page, {"weir_repository_info", kGauge, "1 for the repository that serves now, 0 for the other one."},
      kRepositories, kRepositories.values,
      [&info](std::string_view name) -> std::uint64_t { return name == info.name ? 1 : 0; });
  page.begin({"weir_sqlite_info", kGauge,
              "Always 1: which SQLite is linked, and whether it is free of the WAL-reset bug."});
  page.add({{"version", info.sqlite_version}, {"wal_reset_fixed", info.wal_reset_fixed ? "true" : "false"}},
           std::uint64_t{1});
}

void add_gauges(PrometheusPage& page, const history::RepositoryStats& stats) {
  using history::PoolState;
  const std::array<PoolState, 2> pools = {stats.read, stats.write};
  add(page, {"weir_pool_connections", kGauge, "Open connections, by what they do now."}, kPools, kStates,
      pools, [](const PoolState& pool) {
        return std::array<std::uint64_t, 2>{pool.idle, pool.in_use};
      });
  add(page, {"weir_pool_connections_max", kGauge, "How many connections the pool may have."}, kPools, pools,
      [](const PoolState& pool) { return pool.max; });
  add(page,
      {"weir_pool_connections_available", kGauge,
       "How many connections could be lent now: the maximum less those in use and those that could not be "
       "opened."},
      kPools, pools, [](const PoolState& pool) { return pool.available; });
  add(page, {"weir_pool_waiters", kGauge, "Callers that wait for a connection now."}, kPools, pools,
      [](const PoolState& pool) { return pool.waiters; });
  add_one(page, {"weir_wal_bytes", kGauge, "Size of the write-ahead log; 0 when there is none."},
          stats.wal_bytes);
}

}  // namespace

void PrometheusObserver::connection_created(PoolKind pool) noexcept {
  count_one(of(pool).created);
}

void PrometheusObserver::connection_replaced(PoolKind pool, Replaced reason) noexcept {
  count_one(of(pool).replaced, reason);
}

void PrometheusObserver::connection_error(PoolKind pool) noexcept {
  count_one(of(pool).errors);
}

void PrometheusObserver::lease_acquired(PoolKind pool, Duration waited) noexcept {
  of(pool).waits.observe(waited);
}

void PrometheusObserver::lease_released(PoolKind pool, Duration held) noexcept {
  of(pool).leases.observe(held);
}

void PrometheusObserver::acquire_timed_out(PoolKind pool) noexcept {
  count_one(of(pool).timeouts);
}

void PrometheusObserver::health_checked(PoolKind pool, CheckResult result) noexcept {
  count_one(of(pool).checks, result);
}

void PrometheusObserver::operation_ended(Operation operation, Outcome outcome, Duration took) noexcept {
  OperationCounters* const counters = of(operation);
  if (counters == nullptr) return;
  count_one(counters->outcomes, outcome);
  counters->seconds.observe(took);
}

void PrometheusObserver::operation_retried(Operation operation) noexcept {
  if (OperationCounters* const counters = of(operation)) count_one(counters->retries);
}

void PrometheusObserver::group_committed(std::size_t members, Duration took) noexcept {
  log_.members.fetch_add(members, std::memory_order_relaxed);
  log_.groups.observe(took);
}

void PrometheusObserver::checkpointed(repositories::CheckpointResult result, Duration took) noexcept {
  count_one(log_.checkpoints, result);
  log_.checkpoint_seconds.observe(took);
}

void PrometheusObserver::readers_held() noexcept {
  count_one(log_.reader_holds);
}

void PrometheusObserver::read_interrupted() noexcept {
  count_one(log_.interrupted_reads);
}

void PrometheusObserver::search_index_given_up() noexcept {
  count_one(search_rebuilds_);
}

void PrometheusObserver::events_deleted(std::size_t count) noexcept {
  deleted_events_.fetch_add(count, std::memory_order_relaxed);
}

void PrometheusObserver::client_came() noexcept {
  count_one(http_.clients);
}

void PrometheusObserver::client_left() noexcept {
  http_.clients.fetch_sub(1, std::memory_order_relaxed);
}

void PrometheusObserver::answered(unsigned status, Duration took) noexcept {
  count_one(http_.answers[index_of_status(status)]);
  http_.seconds.observe(took);
}

void PrometheusObserver::config_reloaded(Reload outcome) noexcept {
  count_one(reloads_, outcome);
  last_reload_succeeded_.store(outcome == Reload::kOk ? 1 : 0, std::memory_order_relaxed);
}

std::string PrometheusObserver::render(const history::RepositoryInfo& info,
                                       const history::RepositoryStats& stats) const {
  PrometheusPage page;
  add_info(page, info);
  add_gauges(page, stats);
  add_connections(page);
  add_leases(page);
  add_operations(page);
  add_log(page);
  add_one(page, {"weir_retention_deleted_events_total", kCounter, "Events that retention deleted."},
          deleted_events_);
  add_one(page, {"weir_search_rebuilds_total", kCounter, "Full-text indexes found damaged and made anew."},
          search_rebuilds_);
  add_http(page);
  add_reloads(page);
  return page.text();
}

void PrometheusObserver::add_connections(PrometheusPage& page) const {
  using Pool = PoolCounters;
  add(
      page, {"weir_pool_connections_created_total", kCounter, "Connections opened."}, kPools, pools_,
      [](const Pool& pool) -> const auto& { return pool.created; });
  add(
      page, {"weir_pool_connections_replaced_total", kCounter, "Connections closed to be replaced, by why."},
      kPools, kReasons, pools_, [](const Pool& pool) -> const auto& { return pool.replaced; });
  add(
      page,
      {"weir_pool_connection_errors_total", kCounter, "Connections that could not be opened, or failed."},
      kPools, pools_, [](const Pool& pool) -> const auto& { return pool.errors; });
  add(
      page, {"weir_pool_health_checks_total", kCounter, "Probes of idle connections, by what they found."},
      kPools, kResults, pools_, [](const Pool& pool) -> const auto& { return pool.checks; });
}

void PrometheusObserver::add_leases(PrometheusPage& page) const {
  using Pool = PoolCounters;
  add(page, {"weir_pool_acquisitions_total", kCounter, "Connections lent."}, kPools, pools_,
      [](const Pool& pool) { return pool.waits.snapshot().count; });
  add(
      page,
      {"weir_pool_acquire_timeouts_total", kCounter, "Callers whose deadline passed while they waited."},
      kPools, pools_, [](const Pool& pool) -> const auto& { return pool.timeouts; });
  add(
      page, {"weir_pool_acquire_wait_seconds", kHistogram, "How long callers waited for a connection."},
      kPools, pools_, [](const Pool& pool) -> const auto& { return pool.waits; });
  add(
      page, {"weir_pool_lease_seconds", kHistogram, "How long connections were lent."}, kPools, pools_,
      [](const Pool& pool) -> const auto& { return pool.leases; });
}

void PrometheusObserver::add_operations(PrometheusPage& page) const {
  using Counters = OperationCounters;
  add(
      page, {"weir_repository_operations_total", kCounter, "Calls of the repository, by how they ended."},
      kOperations, kOutcomes, operations_,
      [](const Counters& counters) -> const auto& { return counters.outcomes; });
  add(
      page, {"weir_repository_operation_seconds", kHistogram, "How long calls took, queueing included."},
      kOperations, operations_, [](const Counters& counters) -> const auto& { return counters.seconds; });
  add(
      page, {"weir_repository_retries_total", kCounter, "Attempts repeated after a lock error."}, kOperations,
      operations_, [](const Counters& counters) -> const auto& { return counters.retries; });
}

void PrometheusObserver::add_log(PrometheusPage& page) const {
  add_one(page, {"weir_write_group_members_total", kCounter, "Writes stored by the commit of a group."},
          log_.members);
  add_one(page, {"weir_write_group_seconds", kHistogram, "How long groups took, from BEGIN to COMMIT."},
          log_.groups);
  add(page, {"weir_checkpoints_total", kCounter, "Checkpoints of the write-ahead log, by how they ended."},
      kCheckpoints, log_.checkpoints, kItself);
  add_one(page, {"weir_checkpoint_seconds", kHistogram, "How long checkpoints took, waiting included."},
          log_.checkpoint_seconds);
  add_one(page, {"weir_reader_holds_total", kCounter, "Times new readers were held up for a checkpoint."},
          log_.reader_holds);
  add_one(page,
          {"weir_reads_interrupted_total", kCounter,
           "Reads interrupted because they kept the log from shrinking."},
          log_.interrupted_reads);
}

void PrometheusObserver::add_http(PrometheusPage& page) const {
  add_one(page, {"weir_http_connections", kGauge, "Clients that are connected now, WebSockets among them."},
          http_.clients);
  add(page, {"weir_http_requests_total", kCounter, "HTTP requests, by the status of their answer."}, kCodes,
      http_.answers, kItself);
  add_one(page,
          {"weir_http_request_seconds", kHistogram,
           "How long requests took, from their first bytes until their answer was ready."},
          http_.seconds);
}

void PrometheusObserver::add_reloads(PrometheusPage& page) const {
  add(page, {"weir_config_reloads_total", kCounter, "Configuration reloads, by how they ended."}, kReloads,
      reloads_, kItself);
  add_one(page,
          {"weir_config_last_reload_successful", kGauge,
           "1 when the configuration last read is in force, 0 when it was refused."},
          last_reload_succeeded_);
}

}  // namespace weir::service
