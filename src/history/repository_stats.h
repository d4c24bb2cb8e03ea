#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/history/retention_options.h"

namespace weir::history {

/// One pool, as counted under its lock: the figures agree with each other.
struct PoolState {
  std::size_t max = 0;
  std::size_t idle = 0;    ///< open and free
  std::size_t in_use = 0;  ///< lent, or being opened for a caller
  std::size_t failed = 0;  ///< could not be opened; waiting to be tried again
  std::size_t waiters = 0;
  std::size_t available = 0;  ///< how many could be taken now: max less in_use less failed
};

/// What a repository has done since it was built, and how it stands now.
struct RepositoryStats {
  std::uint64_t read_connections_created = 0;
  std::uint64_t write_connections_created = 0;
  std::uint64_t read_acquisitions = 0;
  std::uint64_t write_acquisitions = 0;
  std::uint64_t connection_errors = 0;
  std::uint64_t health_checks_performed = 0;
  PoolState read;
  PoolState write;
  std::uint64_t wal_bytes = 0;  ///< size of the write-ahead log; 0 when there is none
};

struct RepositoryHealth {
  enum class Status { kOk, kDegraded, kFailed };
  Status status = Status::kOk;
  std::string reason;  ///< why it is not ok; empty when it is
};

/// What does not change while a repository lives.
struct RepositoryInfo {
  std::string_view name;  ///< "PooledSqlRepo" or "AsyncSqlRepo"
  std::string sqlite_version;
  std::string locking;           ///< "shared" or "exclusive": whether other processes may open the file
  bool wal_reset_fixed = false;  ///< whether this SQLite is free of the WAL-reset bug (invariant I2)
  std::string journal_mode;      ///< as configured and read back at every open
  std::string synchronous;
  double busy_timeout_seconds = 0;
  RetentionOptions retention{};  ///< the policy that it applies by itself
};

}  // namespace weir::history
