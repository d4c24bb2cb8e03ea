#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sqlite/belief.h"
#include "sqlite/faulty_vfs.h"
#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/hurrying_clock.h"
#include "support/scratch_directory.h"
#include "weir/history/error.h"
#include "weir/repositories/sqlite/repository_options.h"

namespace weir::testing {

/// The life of one database, the same each time but for its faults: made and migrated, written and read by
/// PooledSqlRepo, then by AsyncSqlRepo, then by PooledSqlRepo again, which checkpoints beside the callers;
/// each repository is there before the one before it is closed. Then it is looked at without faults.
///
/// The order of the calls on the disk is the same each time up to the first fault.
///
/// Thread-safety: one thread at a time; one at a time in a process.
class FaultyLife {
 public:
  /// What is wrong with what became of it; empty: nothing.
  std::string live(const std::vector<Fault>& faults);

  /// The calls on the disk, from the beginning to when it was closed.
  const std::vector<VfsCall>& calls() const { return calls_; }
  /// How many calls failed.
  int failed() const { return failed_; }
  /// How many writes were of unknown outcome.
  int unknown_outcomes() const { return belief_.unknown_outcomes(); }

 private:
  struct Phase {
    enum class Backend { kPooled, kLegacy };
    enum class Checkpoint { kAtClose, kBesideCallers };

    Backend backend;
    Checkpoint checkpoint;
    repositories::sqlite::RepositoryOptions options;
    std::vector<ChatStep> steps;
  };

  std::vector<Phase> phases() const;
  repositories::sqlite::RepositoryOptions base_options() const;
  std::unique_ptr<history::Repository> make(const Phase& phase);
  void play();
  void open(history::Repository& repo);
  void take(history::Repository& repo, const ChatStep& step);
  void judge(const ChatStep& step, const history::Error& error);
  void wait_for_checkpoints();
  void look_at_it();
  void complain(const std::string& what) { complaints_ += what + "\n"; }
  void complain(const ChatStep& step, const Belief::Complaint& complaint);

  const ScratchDirectory folder_{ScratchDirectory::Medium::kMemory};
  const CapturedLog log_;
  HurryingClock clock_;
  CountingObserver observer_;
  Belief belief_;
  std::uint64_t repositories_ = 0;  // made so far; the seed of each
  std::vector<VfsCall> calls_;
  int failed_ = 0;
  std::string complaints_;
};

}  // namespace weir::testing
