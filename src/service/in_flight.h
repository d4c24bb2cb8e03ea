#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>

#include "weir/service/http_message.h"

namespace weir::service {

/// Counts the requests, and the messages of WebSockets, that are being received, worked on or answered, and
/// tells when the last one has ended.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: outlives its Flights.
class InFlight {
 public:
  /// One request, from its first byte to the last byte of its answer.
  class [[nodiscard]] Flight {
   public:
    explicit Flight(InFlight& all) : all_(&all) {}
    Flight(Flight&& other) noexcept : all_(std::exchange(other.all_, nullptr)) {}
    Flight& operator=(Flight&&) = delete;
    ~Flight() {
      if (all_ != nullptr) all_->end();
    }

   private:
    InFlight* all_;  // null when moved from
  };

  Flight begin();

  Phase phase() const;
  std::size_t count() const;

  /// From now on the phase is kDraining. `on_empty` is called once, when no request is in flight: now, or by
  /// the thread that ends the last one. A second call does nothing.
  void drain(std::function<void()> on_empty);

 private:
  void end();

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Phase phase_ = Phase::kServing;
  std::size_t count_ = 0;
  std::function<void()> on_empty_;  // empty before drain(), and after its call
};

}  // namespace weir::service
