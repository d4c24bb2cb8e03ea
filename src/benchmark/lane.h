#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "weir/benchmark/workload.h"
#include "weir/repositories/sqlite/sqlite_options.h"

namespace weir::benchmark {

/// One thread's way to a lane's database. Every member checks what it is answered and returns whether it was
/// right.
///
/// Thread-safety: one thread at a time. Errors: exceptions of any kind, which count as a wrong answer.
class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  /// Message `number`, by its id.
  virtual bool point_read(std::size_t number) = 0;
  /// The 50 most recent messages of a conversation, in order.
  virtual bool recent_50(std::size_t conversation) = 0;
  /// Stores one message and returns once it is committed.
  virtual bool append(const Sample& sample) = 0;
  /// Stores messages in one write transaction, which stays open until `next` returns null.
  virtual bool hold_write(const std::function<const Sample*()>& next) = 0;
};

/// One way to keep history in SQLite, over one database file.
///
/// Thread-safety: every member may be called from any thread. Lifetime: outlives its sessions.
class Lane {
 public:
  Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  virtual ~Lane() = default;

  virtual std::unique_ptr<Session> session() = 0;
};

struct LaneSettings {
  std::string path;
  repositories::sqlite::Synchronous synchronous = repositories::sqlite::Synchronous::kNormal;
  bool has_search =
      false;  ///< of weir's repositories: what is stored is indexed for full text, beside the load
};

/// A lane by its name: how to fill a database for it and how to open one.
///
/// SQLite's process-wide switches are set by the caller before either, as `has_memory_statistics` says.
struct LaneKind {
  std::string_view name;
  std::string_view schema;  ///< lanes of one schema share the database they start from
  bool has_memory_statistics;
  void (*fill)(const std::string& path, const Workload& workload);
  std::unique_ptr<Lane> (*open)(const LaneSettings& settings, const Workload& workload);
};

inline constexpr std::size_t kRecent = 50;

}  // namespace weir::benchmark
