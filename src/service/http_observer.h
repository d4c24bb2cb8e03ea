#pragma once

#include "weir/repositories/clock.h"

namespace weir::service {

/// What a server tells of itself as it happens. Every member does nothing unless overridden.
///
/// Thread-safety: called from any thread, at any time.
/// Lifetime: outlives the server.
/// Blocking: overrides do not block and do not throw.
class HttpObserver {
 public:
  HttpObserver() = default;
  HttpObserver(const HttpObserver&) = delete;
  HttpObserver& operator=(const HttpObserver&) = delete;
  virtual ~HttpObserver() = default;

  virtual void client_came() noexcept {}
  virtual void client_left() noexcept {}

  /// An answer is ready to be sent, `took` after the first bytes of its request were there.
  virtual void answered([[maybe_unused]] unsigned status,
                        [[maybe_unused]] repositories::Duration took) noexcept {}
};

}  // namespace weir::service
