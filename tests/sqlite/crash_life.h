#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "sqlite/chat_model.h"
#include "support/counting_observer.h"
#include "support/hurrying_clock.h"
#include "weir/repositories/sqlite/repository_options.h"

namespace weir::testing {

/// The life of a database whose power may be lost, the same each time: made and migrated, written by
/// PooledSqlRepo alone, in groups and beside checkpoints that begin the log anew and cut it, then by
/// AsyncSqlRepo, which checkpoints in COMMIT, then closed.
///
/// Thread-safety: the numbers may be asked from any thread.
class CrashLife {
 public:
  CrashLife(const std::string& path, repositories::sqlite::Synchronous synchronous);

  /// `after_commit` is called when a commit has been acknowledged; the first is the one that made the
  /// database.
  void live(const std::function<void()>& after_commit);
  /// A shorter life, of a database that is there.
  void go_on(const std::function<void()>& after_commit);

  /// The number of the last commit that was begun, or acknowledged; -1 before the first.
  int begun() const { return begun_; }
  int acknowledged() const { return acknowledged_; }

 private:
  void live_pooled();
  void live_legacy();
  void open(history::Repository& repo);
  void take(history::Repository& repo, const ChatStep& step);
  void take_as_group(history::Repository& repo, const std::vector<ChatStep>& steps);
  void wait_for_checkpoints(std::size_t count);
  /// `settle` is done once it is acknowledged, before anybody is told.
  void commit(const std::function<void()>& write, const std::function<void()>& settle = {});

  repositories::sqlite::RepositoryOptions options_;
  HurryingClock clock_;
  CountingObserver observer_;
  std::uint64_t repositories_ = 0;  // made so far; the seed of each
  std::function<void()> after_commit_;
  std::atomic<int> begun_{-1};
  std::atomic<int> acknowledged_{-1};
};

}  // namespace weir::testing
