#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>

#include "weir/repositories/observer.h"

namespace weir::testing {

/// Counts what it is told, whichever pool it comes from.
///
/// Thread-safety: every member may be called from any thread.
class CountingObserver final : public repositories::Observer {
 public:
  using Duration = repositories::Duration;

  std::atomic<std::size_t> created{0};
  std::atomic<std::size_t> errors{0};
  std::atomic<std::size_t> acquired{0};
  std::atomic<std::size_t> released{0};
  std::atomic<std::size_t> timed_out{0};
  std::atomic<std::size_t> checked_ok{0};
  std::atomic<std::size_t> checked_failed{0};
  std::atomic<std::size_t> retried{0};
  std::atomic<std::size_t> groups{0};
  std::atomic<std::size_t> group_members{0};
  std::atomic<std::size_t> checkpoints_complete{0};
  std::atomic<std::size_t> checkpoints_partial{0};
  std::atomic<std::size_t> checkpoints_failed{0};
  std::atomic<std::size_t> holds{0};
  std::atomic<std::size_t> interrupted{0};
  std::atomic<std::size_t> indexes_given_up{0};
  std::atomic<std::size_t> deleted{0};
  std::atomic<std::size_t> most_deleted_at_once{0};
  std::function<void()> on_deleted = [] {};  ///< set before anything is deleted

  std::size_t replaced(repositories::Replaced reason) const {
    const std::lock_guard lock(mutex_);
    const auto found = replaced_.find(reason);
    return found == replaced_.end() ? 0 : found->second;
  }
  Duration last_waited() const {
    const std::lock_guard lock(mutex_);
    return last_waited_;
  }
  Duration last_held() const {
    const std::lock_guard lock(mutex_);
    return last_held_;
  }

  void connection_created(repositories::PoolKind) noexcept override { ++created; }
  void connection_replaced(repositories::PoolKind, repositories::Replaced reason) noexcept override {
    const std::lock_guard lock(mutex_);
    ++replaced_[reason];
  }
  void connection_error(repositories::PoolKind) noexcept override { ++errors; }
  void lease_acquired(repositories::PoolKind, Duration waited) noexcept override {
    ++acquired;
    const std::lock_guard lock(mutex_);
    last_waited_ = waited;
  }
  void lease_released(repositories::PoolKind, Duration held) noexcept override {
    ++released;
    const std::lock_guard lock(mutex_);
    last_held_ = held;
  }
  void acquire_timed_out(repositories::PoolKind) noexcept override { ++timed_out; }
  void health_checked(repositories::PoolKind, repositories::CheckResult result) noexcept override {
    ++(result == repositories::CheckResult::kOk ? checked_ok : checked_failed);
  }
  void operation_retried(repositories::Operation) noexcept override { ++retried; }
  void group_committed(std::size_t members, Duration) noexcept override {
    ++groups;
    group_members += members;
  }
  void checkpointed(repositories::CheckpointResult result, Duration) noexcept override {
    using enum repositories::CheckpointResult;
    ++(result == kComplete  ? checkpoints_complete
       : result == kPartial ? checkpoints_partial
                            : checkpoints_failed);
  }
  void readers_held() noexcept override { ++holds; }
  void read_interrupted() noexcept override { ++interrupted; }
  void search_index_given_up() noexcept override { ++indexes_given_up; }
  void events_deleted(std::size_t count) noexcept override {
    deleted += count;
    if (count > most_deleted_at_once) most_deleted_at_once = count;
    on_deleted();
  }

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::map<repositories::Replaced, std::size_t> replaced_;
  Duration last_waited_{};
  Duration last_held_{};
};

}  // namespace weir::testing
