#pragma once

#include <utility>

#include "sqlite/fault_plan.h"

namespace weir::testing {

/// A disk that fails on demand, for connections opened while it lives.
///
/// Thread-safety: every member may be called from any thread. One at a time in a process.
class FaultyVfs final : public VfsShim {
 public:
  FaultyVfs() : VfsShim("weir-faulty") {}

  void arm(Fault fault) { plan_.arm(std::move(fault)); }
  void disarm(std::optional<VfsCall> call = std::nullopt) { plan_.disarm(call); }
  int failed() const { return plan_.failed(); }
  FaultPlan& plan() { return plan_; }

 private:
  VfsVerdict before(const VfsRequest& request) override { return plan_.judge(request.call); }
  void after(const VfsRequest&) override {}

  FaultPlan plan_;
};

}  // namespace weir::testing
