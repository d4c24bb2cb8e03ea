#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "weir/repositories/clock.h"
#include "weir/repositories/operation.h"

namespace weir::repositories {

enum class PoolKind : std::size_t { kRead, kWrite };
inline constexpr std::array<std::string_view, 2> kPoolKindNames = {"read", "write"};

/// Why a connection was replaced.
enum class Replaced : std::size_t {
  kFailed,        ///< a probe or a call failed on it
  kDirty,         ///< it came back in a state that could not be cleaned
  kMoved,         ///< its file is no longer the one at its path
  kReconfigured,  ///< its settings changed
};
inline constexpr std::array<std::string_view, 4> kReplacedNames = {"failed", "dirty", "moved",
                                                                   "reconfigured"};

enum class Outcome : std::size_t { kOk, kError, kTimeout };
inline constexpr std::array<std::string_view, 3> kOutcomeNames = {"ok", "error", "timeout"};

enum class CheckResult : std::size_t { kOk, kFailed };
inline constexpr std::array<std::string_view, 2> kCheckResultNames = {"ok", "failed"};

/// What became of copying the write-ahead log back into the database.
enum class CheckpointResult : std::size_t {
  kComplete,
  kPartial,  ///< readers stood in the way of a part of it
  kFailed,   ///< it could not be begun, or an error ended it
};
inline constexpr std::array<std::string_view, 3> kCheckpointResultNames = {"complete", "partial", "failed"};

/// What the layer tells of itself as it happens. Every member does nothing unless overridden.
///
/// Thread-safety: called from any thread, at any time, on hot paths.
/// Lifetime: outlives what reports to it.
/// Blocking: overrides do not block and do not throw.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  virtual void connection_created(PoolKind) noexcept {}
  virtual void connection_replaced(PoolKind, Replaced) noexcept {}
  virtual void connection_error(PoolKind) noexcept {}

  /// A lease was handed over, `waited` after the call arrived: a writer's wait for the ticket is part of it.
  virtual void lease_acquired(PoolKind, [[maybe_unused]] Duration waited) noexcept {}
  virtual void lease_released(PoolKind, [[maybe_unused]] Duration held) noexcept {}
  virtual void acquire_timed_out(PoolKind) noexcept {}

  /// Writes of `members` callers were committed together, `took` after their transaction began.
  virtual void group_committed([[maybe_unused]] std::size_t members,
                               [[maybe_unused]] Duration took) noexcept {}
  virtual void checkpointed(CheckpointResult, [[maybe_unused]] Duration took) noexcept {}
  /// New readers were held up, for some milliseconds, because the log had grown to its limit.
  virtual void readers_held() noexcept {}
  /// A read was interrupted because it kept the log from shrinking.
  virtual void read_interrupted() noexcept {}

  virtual void health_checked(PoolKind, CheckResult) noexcept {}

  /// A call ended, `took` after it began, queueing included.
  virtual void operation_ended(Operation, Outcome, [[maybe_unused]] Duration took) noexcept {}
  virtual void operation_retried(Operation) noexcept {}

  /// The full-text index was found damaged, and is made anew.
  virtual void search_index_given_up() noexcept {}

  /// Retention deleted `count` events, in one transaction.
  virtual void events_deleted([[maybe_unused]] std::size_t count) noexcept {}
};

}  // namespace weir::repositories
