#pragma once

#include <memory>
#include <mutex>

#include "weir/repositories/background_thread.h"
#include "weir/repositories/connection_pool.h"
#include "weir/repositories/sqlite/checkpointer.h"
#include "weir/repositories/sqlite/sql_repo.h"
#include "weir/repositories/write_queue.h"

namespace weir::repositories::sqlite {

/// Chat history through two pools: readers that only read, and writers of which one writes at a time.
///
/// A read leases a reader and runs on the caller's thread. Writes that wait at the same time are stored
/// together: one of their callers takes the write ticket of the file, leases a writer, and runs them all.
/// Once they are told, another thread copies the log back where that is due. One background thread probes
/// idle connections, replaces failed ones, and refreshes the query planner's statistics.
///
/// Thread-safety, Blocking, Errors: as history::ChatRepository.
/// Lifetime: as history::ChatRepository; `environment` outlives it. Its destructor checkpoints and closes
/// under the ticket.
class PooledSqlRepo final : public SqlRepo {
 public:
  PooledSqlRepo(const RepositoryOptions& options, const Environment& environment);
  ~PooledSqlRepo() override;

  history::RepositoryStats stats() const override;
  history::RepositoryHealth health() const override;

 private:
  using Pool = ConnectionPool<Connection>;

  void run_read(const Call& call, Work work) override;
  void run_write(const Call& call, const WriteShape& shape, Work work) override;
  bool is_checkpoint_due() const override { return checkpointer_ && checkpointer_->is_due(); }
  void run_group(WriteQueue::Group& group);
  void prepare(const Call& call);
  WriteTicket::Hold take_ticket(const Call& call);
  /// Runs `body`, which uses `lease`; gives the lease up and translates when SQLite objects.
  void guard(Pool::Lease& lease, FunctionRef<void()> body);

  PoolBehaviour<Connection> behaviour(ConnectionRole role);
  Checkpointer::Ports checkpoint_ports();
  void start_upkeep();
  TimePoint check_health(TimePoint now);
  TimePoint analyze(TimePoint now);
  void close();

  Pool readers_;
  Pool writers_;
  WriteQueue writes_;

  // Used by the background thread alone.
  std::uint64_t health_round_ = 0;
  TimePoint next_check_;
  TimePoint next_analyze_;

  std::once_flag upkeep_started_;
  std::unique_ptr<BackgroundThread> upkeep_;
  std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace weir::repositories::sqlite
