#pragma once

#include <functional>
#include <limits>
#include <list>
#include <mutex>
#include <optional>
#include <vector>

#include "sqlite/vfs_shim.h"

namespace weir::testing {

/// A call, or several, that shall not go as they should.
struct Fault {
  static constexpr int kForGood = std::numeric_limits<int>::max();

  std::optional<VfsCall> call;  ///< absent: whichever call it is, and then those of that kind
  int code;                     ///< to fail with; SQLITE_OK: the call is made after all
  int times = 1;                ///< how many calls
  int after = 0;                ///< how many of the kind, or of all, go well before
  VfsVerdict::Extent extent = VfsVerdict::Extent::kNothing;
  /// Run before the call, on its thread: what waits in it holds the call up, what moves a clock delays it.
  std::function<void()> meanwhile{};
};

/// Counts calls and says which of them fail.
///
/// Thread-safety: every member may be called from any thread.
class FaultPlan {
 public:
  void arm(Fault fault);
  /// Forgets the faults of a kind that were to come; of every kind when `call` is absent.
  void disarm(std::optional<VfsCall> call = std::nullopt);

  /// Counts the call, and says what becomes of it. May block in Fault::meanwhile.
  VfsVerdict judge(VfsCall call);

  /// Keeps count of the calls from now on.
  void record();
  /// The calls since record(), in order.
  std::vector<VfsCall> recorded() const;
  /// How many calls failed.
  int failed() const;

 private:
  std::optional<Fault> take(VfsCall call);

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::list<Fault> faults_;
  bool is_recording_ = false;
  std::vector<VfsCall> recorded_;
  int failed_ = 0;
};

}  // namespace weir::testing
