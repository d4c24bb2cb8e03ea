#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sqlite/crash_disk.h"
#include "sqlite/crash_life.h"

namespace weir::testing {

/// What a power cut at some point of a life left, and which commits it may and must have left.
struct Wreck {
  std::uint64_t seed;
  int point;  ///< the number of the change or sync after which it happened, from 0
  DiskImage disk;
  int must_hold;  ///< the last commit that is to be found; -1: not even a schema is
  int may_hold;   ///< the last commit that had been begun
};

/// A life during which the power is lost after every change and every sync.
struct CrashRecord {
  using Live = void (CrashLife::*)(const std::function<void()>&);

  /// Which commits a power cut must leave.
  enum class Promise {
    kAcknowledged,  ///< every one that was acknowledged: synchronous full
    kSynced         ///< those before the last sync of the log: synchronous normal
  };

  std::vector<std::string> states;  ///< by commit: all that the database held after it
  std::vector<Wreck> wrecks;

  /// What is wrong with what is found when the wreck is opened; empty: nothing.
  std::string judge(const Wreck& wreck) const;
};

/// A life and what it begins with.
struct CrashPlan {
  CrashRecord::Live live = &CrashLife::live;
  DiskImage disk{};  ///< what it finds, all of it synced
  repositories::sqlite::Synchronous synchronous = repositories::sqlite::Synchronous::kFull;
  CrashRecord::Promise promise = CrashRecord::Promise::kAcknowledged;
  int must_hold = -1;  ///< from the beginning, as Wreck::must_hold
};

/// Lives it undisturbed, for its states, and then once more with power cuts drawn by `seed`.
CrashRecord record_crashes(const CrashPlan& plan, std::uint64_t seed);

}  // namespace weir::testing
