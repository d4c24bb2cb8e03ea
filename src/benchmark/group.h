#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace weir::benchmark {

/// Grouping at its barest: whoever comes while nobody works takes everybody who waits along.
///
/// No bounds, no deadlines, no errors of one's own: what group commit could do at best.
///
/// Thread-safety: every member may be called from any thread.
template <class Item>
class Group {
 public:
  using Work = std::function<void(const std::vector<Item*>&)>;

  /// Hands `item` to one call of `work`, made by this thread or another; returns when it is through.
  /// Whoever made that call makes one of `afterwards` too, once the others have been told.
  void submit(Item& item, const Work& work, const std::function<void()>& afterwards) {
    Entry self{item};
    std::unique_lock lock(mutex_);
    waiting_.push_back(&self);
    self.signal.wait(lock, [&] { return self.is_done || (!is_working_ && waiting_.front() == &self); });
    if (!self.is_done) lead(lock, work, afterwards);
    if (self.error) std::rethrow_exception(self.error);
  }

 private:
  struct Entry {
    Item& item;
    std::condition_variable signal{};
    bool is_done = false;
    std::exception_ptr error{};
  };

  void lead(std::unique_lock<std::mutex>& lock, const Work& work, const std::function<void()>& afterwards) {
    is_working_ = true;
    const std::deque<Entry*> group = std::exchange(waiting_, {});
    lock.unlock();
    std::vector<Item*> items;
    for (Entry* entry : group) items.push_back(&entry->item);
    std::exception_ptr error;
    try {
      work(items);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    for (Entry* entry : group) {
      entry->error = error;
      entry->is_done = true;
      entry->signal.notify_one();
    }
    lock.unlock();
    afterwards();
    lock.lock();
    is_working_ = false;
    if (!waiting_.empty()) waiting_.front()->signal.notify_one();
  }

  std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Entry*> waiting_;
  bool is_working_ = false;
};

}  // namespace weir::benchmark
