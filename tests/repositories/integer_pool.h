#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "support/counting_observer.h"
#include "weir/repositories/connection_pool.h"

namespace weir::testing {

/// A pool of integers, opened as 1, 2, 3 and so on; what goes wrong with which is for the test to say.
///
/// Thread-safety: every member function may be called from any thread.
class IntegerPool {
 public:
  using Pool = repositories::ConnectionPool<int>;

  IntegerPool(std::size_t size, repositories::Clock& clock,
              repositories::SlotQueue::Order order = repositories::SlotQueue::Order::kStrict)
      : pool({repositories::PoolKind::kRead, "the pool", order}, size,
             {[this](repositories::TimePoint) { return open(); }, [this](int& item) { return clean(item); },
              [this](int& item) { return probe(item); }, [this] { ++broken; }},
             clock, observer) {}

  /// The next `count` attempts to open one fail.
  void fail_opens(int count, history::ErrorCode code = history::ErrorCode::kUnavailable) {
    const std::lock_guard lock(mutex_);
    failing_opens_ = count;
    failing_code_ = code;
  }
  /// This integer cannot be cleaned when it comes back.
  void soil(int item) {
    const std::lock_guard lock(mutex_);
    dirty_.insert(item);
  }
  /// The probe finds this wrong with the integer.
  void sicken(int item, repositories::Replaced reason) {
    const std::lock_guard lock(mutex_);
    sick_[item] = reason;
  }

  std::vector<int> probed() const {
    const std::lock_guard lock(mutex_);
    return probed_;
  }
  int open_attempts() const {
    const std::lock_guard lock(mutex_);
    return open_attempts_;
  }

  CountingObserver observer;
  std::function<void(int item)> during_probe;  ///< what else happens while an integer is probed
  std::atomic<int> broken{0};                  ///< how often the pool said that one broke

 private:
  std::unique_ptr<int> open() {
    const std::lock_guard lock(mutex_);
    ++open_attempts_;
    if (failing_opens_ > 0) {
      --failing_opens_;
      throw history::Error(failing_code_, "no such folder");
    }
    return std::make_unique<int>(++opened_);
  }
  bool clean(int item) const {
    const std::lock_guard lock(mutex_);
    return !dirty_.contains(item);
  }
  std::optional<repositories::Replaced> probe(int item) {
    if (during_probe) during_probe(item);
    const std::lock_guard lock(mutex_);
    probed_.push_back(item);
    const auto found = sick_.find(item);
    return found == sick_.end() ? std::nullopt : std::optional(found->second);
  }

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  int opened_ = 0;
  int open_attempts_ = 0;
  int failing_opens_ = 0;
  history::ErrorCode failing_code_{};
  std::set<int> dirty_;
  std::map<int, repositories::Replaced> sick_;
  std::vector<int> probed_;

 public:
  Pool pool;  // last, for it uses everything above
};

}  // namespace weir::testing
