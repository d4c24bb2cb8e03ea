#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sqlite/fault_plan.h"

namespace weir::testing {

/// One fault of a sweep: a call on the disk fails with a code.
struct FaultCase {
  enum class Lasting { kOnce, kForGood };

  int n;  ///< its number among all calls, from 1, while nothing has failed before it
  VfsCall call;
  int before;  ///< how many calls of its kind come before it
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
