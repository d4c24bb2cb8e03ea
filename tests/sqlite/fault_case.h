#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sqlite/fault_plan.h"

namespace weir::testing {

/// One fault of a sweep: the n-th call on the disk, counted from 1, fails with a code.
struct FaultCase {
  enum class Lasting { kOnce, kForGood };

  int n;
  VfsCall call;  ///< what the n-th call is, without faults before it
  int code;
  Lasting lasting;
  VfsVerdict::Extent extent = VfsVerdict::Extent::kNothing;

  Fault fault() const;
  /// To repeat it alone: `n:code:once` or `n:code:always`, with `:half` where half of it is written.
  std::string name() const;
};

/// Every way in which each of `calls` can fail.
std::vector<FaultCase> cases_of(const std::vector<VfsCall>& calls);

}  // namespace weir::testing
