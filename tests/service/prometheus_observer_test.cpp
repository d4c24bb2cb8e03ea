#include "weir/service/prometheus_observer.h"

#include <doctest/doctest.h>

#include <latch>
#include <thread>
#include <vector>

#include "service/prometheus_fixture.h"

namespace {

using namespace std::chrono_literals;
using weir::repositories::CheckResult;
using weir::repositories::Operation;
using weir::repositories::Outcome;
using weir::repositories::PoolKind;
using weir::repositories::Replaced;
using weir::service::PrometheusObserver;
using weir::service::Reload;
using weir::testing::render;
using weir::testing::samples;

weir::history::RepositoryStats invented_stats() {
  weir::history::RepositoryStats stats;
  stats.read = {.max = 8, .idle = 3, .in_use = 2, .failed = 1, .waiters = 5, .available = 5};
  stats.write = {.max = 2, .idle = 1, .in_use = 1, .failed = 0, .waiters = 7, .available = 1};
  stats.wal_bytes = 4'152;
  return stats;
}

void report_everything_once(PrometheusObserver& observer) {
  observer.connection_created(PoolKind::kRead);
  observer.connection_replaced(PoolKind::kWrite, Replaced::kMoved);
  observer.connection_error(PoolKind::kRead);
  observer.lease_acquired(PoolKind::kWrite, 70us);
  observer.lease_released(PoolKind::kWrite, 3ms);
  observer.acquire_timed_out(PoolKind::kRead);
  observer.health_checked(PoolKind::kRead, CheckResult::kFailed);
  observer.operation_ended(Operation::kAddEvent, Outcome::kTimeout, 2s);
  observer.operation_retried(Operation::kClearAll);
  observer.answered(507, 30ms);
  observer.config_reloaded(Reload::kFailed);
}

}  // namespace

TEST_CASE("prometheus observer: what nobody reported stands there at 0") {
  const auto found = samples(render(PrometheusObserver{}));
  std::size_t series = 0;
  for (const auto& sample : found) {
    const std::string& name = sample.first;
    if (name.starts_with("weir_repository_info") || name.starts_with("weir_sqlite_info")) continue;
    if (name == "weir_config_last_reload_successful") continue;  // what it began with is in force
    CHECK_MESSAGE(sample.second == "0", name);
    ++series;
  }
  CHECK(series > 400);
}

TEST_CASE("prometheus observer: every report counts in its own series and in no other") {
  PrometheusObserver observer;
  report_everything_once(observer);
  auto found = samples(render(observer));
  for (const auto* name : {
           R"(weir_pool_connections_created_total{pool="read"})",
           R"(weir_pool_connections_replaced_total{pool="write",reason="moved"})",
           R"(weir_pool_connection_errors_total{pool="read"})",
           R"(weir_pool_acquisitions_total{pool="write"})",
           R"(weir_pool_acquire_timeouts_total{pool="read"})",
           R"(weir_pool_health_checks_total{pool="read",result="failed"})",
           R"(weir_repository_operations_total{operation="add_event",outcome="timeout"})",
           R"(weir_repository_retries_total{operation="clear_all"})",
           R"(weir_http_requests_total{code="507"})",
           R"(weir_config_reloads_total{outcome="failed"})",
       }) {
    CHECK_MESSAGE(found[name] == "1", name);
    found.erase(name);
  }
  for (const auto& sample : found) {
    const bool is_counter = sample.first.find("_total{") != std::string::npos;
    if (is_counter) CHECK_MESSAGE(sample.second == "0", sample.first);
  }
}

TEST_CASE("prometheus observer: the upkeep of connections counts as no operation") {
  PrometheusObserver observer;
  const std::string before = render(observer);
  for (const Operation upkeep : {Operation::kHealthCheck, Operation::kAnalyze, Operation::kClose}) {
    observer.operation_ended(upkeep, Outcome::kOk, 1ms);
    observer.operation_retried(upkeep);
  }
  CHECK(render(observer) == before);
}

TEST_CASE("prometheus observer: waits, holds and calls land in the bucket of their length") {
  PrometheusObserver observer;
  report_everything_once(observer);
  auto found = samples(render(observer));
  CHECK(found[R"(weir_pool_acquire_wait_seconds_bucket{pool="write",le="5e-05"})"] == "0");
  CHECK(found[R"(weir_pool_acquire_wait_seconds_bucket{pool="write",le="0.0001"})"] == "1");
  CHECK(std::stod(found[R"(weir_pool_acquire_wait_seconds_sum{pool="write"})"]) == doctest::Approx(70e-6));
  CHECK(found[R"(weir_pool_lease_seconds_bucket{pool="write",le="0.0025"})"] == "0");
  CHECK(found[R"(weir_pool_lease_seconds_bucket{pool="write",le="0.005"})"] == "1");
  CHECK(found[R"(weir_pool_lease_seconds_count{pool="write"})"] == "1");
  CHECK(found[R"(weir_repository_operation_seconds_bucket{operation="add_event",le="1"})"] == "0");
  CHECK(found[R"(weir_repository_operation_seconds_bucket{operation="add_event",le="2.5"})"] == "1");
  CHECK(found[R"(weir_repository_operation_seconds_bucket{operation="add_event",le="+Inf"})"] == "1");
  CHECK(found[R"(weir_repository_operation_seconds_count{operation="events"})"] == "0");
  CHECK(found[R"(weir_http_request_seconds_bucket{le="0.025"})"] == "0");
  CHECK(found[R"(weir_http_request_seconds_bucket{le="0.05"})"] == "1");
}

TEST_CASE("prometheus observer: gauges show the repository's own figures") {
  auto found = samples(PrometheusObserver{}.render(weir::testing::invented_info(), invented_stats()));
  CHECK(found[R"(weir_pool_connections{pool="read",state="idle"})"] == "3");
  CHECK(found[R"(weir_pool_connections{pool="read",state="in_use"})"] == "2");
  CHECK(found[R"(weir_pool_connections{pool="write",state="idle"})"] == "1");
  CHECK(found[R"(weir_pool_connections_max{pool="read"})"] == "8");
  CHECK(found[R"(weir_pool_connections_max{pool="write"})"] == "2");
  CHECK(found[R"(weir_pool_connections_available{pool="read"})"] == "5");
  CHECK(found[R"(weir_pool_connections_available{pool="write"})"] == "1");
  CHECK(found[R"(weir_pool_waiters{pool="read"})"] == "5");
  CHECK(found[R"(weir_pool_waiters{pool="write"})"] == "7");
  CHECK(found["weir_wal_bytes"] == "4152");
}

TEST_CASE("prometheus observer: clients are those who came and have not left") {
  PrometheusObserver observer;
  observer.client_came();
  observer.client_came();
  observer.client_left();
  CHECK(samples(render(observer))["weir_http_connections"] == "1");
}

TEST_CASE("prometheus observer: the last reload has failed until one succeeds, and none has at the start") {
  PrometheusObserver observer;
  const auto succeeded = [&] { return samples(render(observer))["weir_config_last_reload_successful"]; };
  CHECK(succeeded() == "1");
  observer.config_reloaded(Reload::kFailed);
  CHECK(succeeded() == "0");
  observer.config_reloaded(Reload::kOk);
  CHECK(succeeded() == "1");
}

TEST_CASE("prometheus observer: the repository that serves is 1 and the other one 0") {
  auto info = weir::testing::invented_info();
  const weir::history::RepositoryStats stats;
  auto pooled = samples(PrometheusObserver{}.render(info, stats));
  CHECK(pooled[R"(weir_repository_info{repository="PooledSqlRepo"})"] == "1");
  CHECK(pooled[R"(weir_repository_info{repository="AsyncSqlRepo"})"] == "0");
  info.name = "AsyncSqlRepo";
  auto legacy = samples(PrometheusObserver{}.render(info, stats));
  CHECK(legacy[R"(weir_repository_info{repository="PooledSqlRepo"})"] == "0");
  CHECK(legacy[R"(weir_repository_info{repository="AsyncSqlRepo"})"] == "1");
}

TEST_CASE("prometheus observer: the SQLite in use is named with its hazard") {
  auto info = weir::testing::invented_info();
  const weir::history::RepositoryStats stats;
  auto found = samples(PrometheusObserver{}.render(info, stats));
  CHECK(found[R"(weir_sqlite_info{version="3.40.1",wal_reset_fixed="false"})"] == "1");
  info.wal_reset_fixed = true;
  found = samples(PrometheusObserver{}.render(info, stats));
  CHECK(found[R"(weir_sqlite_info{version="3.40.1",wal_reset_fixed="true"})"] == "1");
}

TEST_CASE("prometheus observer: nothing is lost when many threads report while pages are rendered") {
  constexpr int kThreads = 8;
  constexpr int kReports = 100'000;
  PrometheusObserver observer;
  std::latch start(kThreads);
  std::vector<std::thread> reporters;
  for (int i = 0; i < kThreads; ++i) {
    reporters.emplace_back([&observer, &start] {
      start.arrive_and_wait();
      for (int k = 0; k < kReports; ++k) {
        observer.lease_acquired(PoolKind::kRead, 1ms);
        observer.operation_ended(Operation::kEvents, Outcome::kOk, 1ms);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    auto found = samples(render(observer));
    CHECK(found[R"(weir_pool_acquire_wait_seconds_bucket{pool="read",le="+Inf"})"] ==
          found[R"(weir_pool_acquire_wait_seconds_count{pool="read"})"]);
  }
  for (std::thread& reporter : reporters) reporter.join();
  auto found = samples(render(observer));
  CHECK(found[R"(weir_pool_acquisitions_total{pool="read"})"] == "800000");
  CHECK(found[R"(weir_pool_acquire_wait_seconds_sum{pool="read"})"] == "800");
  CHECK(found[R"(weir_repository_operations_total{operation="events",outcome="ok"})"] == "800000");
  CHECK(found[R"(weir_repository_operation_seconds_count{operation="events"})"] == "800000");
}
