#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/history/repository_stats.h"
#include "weir/repositories/observer.h"
#include "weir/service/http_observer.h"
#include "weir/service/http_status.h"
#include "weir/service/prometheus_histogram.h"

namespace weir::service {

class PrometheusPage;

enum class Reload : std::size_t { kOk, kFailed };
inline constexpr std::array<std::string_view, 2> kReloadNames = {"ok", "failed"};

/// Counts what the layer and the server report, and renders it as the text that Prometheus scrapes.
///
/// It outlives a repository that is replaced by another one, so its counters never fall while the program
/// runs.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Blocking: never: it holds no lock and a scrape runs no SQL.
class PrometheusObserver final : public repositories::Observer, public HttpObserver {
 public:
  void connection_created(repositories::PoolKind pool) noexcept override;
  void connection_replaced(repositories::PoolKind pool, repositories::Replaced reason) noexcept override;
  void connection_error(repositories::PoolKind pool) noexcept override;
  void lease_acquired(repositories::PoolKind pool, repositories::Duration waited) noexcept override;
  void lease_released(repositories::PoolKind pool, repositories::Duration held) noexcept override;
  void acquire_timed_out(repositories::PoolKind pool) noexcept override;
  void health_checked(repositories::PoolKind pool, repositories::CheckResult result) noexcept override;
  void operation_ended(repositories::Operation operation, repositories::Outcome outcome,
                       repositories::Duration took) noexcept override;
  void operation_retried(repositories::Operation operation) noexcept override;

  void group_committed(std::size_t members, repositories::Duration took) noexcept override;
  void checkpointed(repositories::CheckpointResult result, repositories::Duration took) noexcept override;
  void readers_held() noexcept override;
  void read_interrupted() noexcept override;
  void search_index_given_up() noexcept override;
  void events_deleted(std::size_t count) noexcept override;

  void client_came() noexcept override;
  void client_left() noexcept override;
  void answered(unsigned status, repositories::Duration took) noexcept override;

  void config_reloaded(Reload outcome) noexcept;

  /// Every family, in Prometheus' text format; `stats` gives the gauges.
  std::string render(const history::RepositoryInfo& info, const history::RepositoryStats& stats) const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  static constexpr std::size_t kCacheLine = 64;

  // On cache lines of their own: readers and writers, and calls of different kinds, do not slow each other.
  struct alignas(kCacheLine) PoolCounters {
    Counter created{0};
    std::array<Counter, repositories::kReplacedNames.size()> replaced{};
    Counter errors{0};
    Counter timeouts{0};
    std::array<Counter, repositories::kCheckResultNames.size()> checks{};
    LatencyHistogram waits;  // its count is that of the acquisitions
    LatencyHistogram leases;
  };
  struct alignas(kCacheLine) OperationCounters {
    std::array<Counter, repositories::kOutcomeNames.size()> outcomes{};
    Counter retries{0};
    LatencyHistogram seconds;
  };

  struct alignas(kCacheLine) LogCounters {
    Counter members{0};
    LatencyHistogram groups;
    std::array<Counter, repositories::kCheckpointResultNames.size()> checkpoints{};
    LatencyHistogram checkpoint_seconds;
    Counter reader_holds{0};
    Counter interrupted_reads{0};
  };

  struct alignas(kCacheLine) HttpCounters {
    Counter clients{0};
    std::array<Counter, kHttpStatuses.size()> answers{};
    LatencyHistogram seconds;
  };

  PoolCounters& of(repositories::PoolKind pool) noexcept { return pools_[static_cast<std::size_t>(pool)]; }
  /// None for the upkeep of connections, which is no operation to the outside.
  OperationCounters* of(repositories::Operation operation) noexcept {
    const auto index = static_cast<std::size_t>(operation);
    return index < operations_.size() ? &operations_[index] : nullptr;
  }

  void add_connections(PrometheusPage& page) const;
  void add_leases(PrometheusPage& page) const;
  void add_operations(PrometheusPage& page) const;
  void add_log(PrometheusPage& page) const;
  void add_http(PrometheusPage& page) const;
  void add_reloads(PrometheusPage& page) const;

  // Self-synchronised.
  std::array<PoolCounters, repositories::kPoolKindNames.size()> pools_;
  std::array<OperationCounters, repositories::kVerbNames.size()> operations_;
  LogCounters log_;
  Counter search_rebuilds_{0};
  Counter deleted_events_{0};
  HttpCounters http_;
  std::array<Counter, kReloadNames.size()> reloads_{};
  Counter last_reload_succeeded_{1};  // the program would not run with a configuration it had refused
};

}  // namespace weir::service
