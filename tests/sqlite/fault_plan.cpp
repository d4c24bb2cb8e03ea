#include "sqlite/fault_plan.h"

#include <utility>

namespace weir::testing {

void FaultPlan::arm(Fault fault) {
  const std::lock_guard lock(mutex_);
  if (fault.times > 0) faults_.push_back(std::move(fault));
}

void FaultPlan::disarm(std::optional<VfsCall> call) {
  const std::lock_guard lock(mutex_);
  faults_.remove_if([&](const Fault& fault) { return !call || fault.call == call; });
}

VfsVerdict FaultPlan::judge(VfsCall call) {
  const auto fault = take(call);
  if (!fault) return {};
  if (fault->meanwhile) fault->meanwhile();
  return {fault->code, fault->extent};
}

std::optional<Fault> FaultPlan::take(VfsCall call) {
  const std::lock_guard lock(mutex_);
  if (is_recording_) recorded_.push_back(call);
  std::optional<Fault> taken;
  for (auto it = faults_.begin(); it != faults_.end();) {
    const bool is_due = (!it->call || it->call == call) && it->after-- <= 0;
    if (!is_due || taken) {
      ++it;
      continue;
    }
    it->call = call;
    it->after = 0;
    taken = *it;
    const bool is_spent = it->times != Fault::kForGood && --it->times == 0;
    it = is_spent ? faults_.erase(it) : std::next(it);
  }
  if (taken && taken->code != SQLITE_OK) ++failed_;
  return taken;
}

void FaultPlan::record() {
  const std::lock_guard lock(mutex_);
  is_recording_ = true;
  recorded_.clear();
}

std::vector<VfsCall> FaultPlan::recorded() const {
  const std::lock_guard lock(mutex_);
  return recorded_;
}

int FaultPlan::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

}  // namespace weir::testing
