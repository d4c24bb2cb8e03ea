#pragma once

#include <functional>
#include <list>
#include <mutex>

namespace weir::service {

/// Tells everybody who listens that the service begins to stop.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: outlives its Listeners.
class StopSignal {
 public:
  using Call = std::function<void()>;

  /// Listens as long as it lives.
  class [[nodiscard]] Listener {
   public:
    Listener(StopSignal& signal, std::list<Call>::iterator call) : signal_(signal), call_(call) {}
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { signal_.forget(call_); }

   private:
    StopSignal& signal_;
    std::list<Call>::iterator call_;
  };

  /// `call` is made by send(), which others wait for: it does not block, and ends no Listener.
  Listener listen(Call call);

  void send();

 private:
  void forget(std::list<Call>::iterator call);

  std::mutex mutex_;
  std::list<Call> calls_;  // guarded by mutex_
};

}  // namespace weir::service
