#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/repositories/sqlite/onlooker.h"
#include "weir/repositories/sqlite/schema.h"
#include "weir/repositories/sqlite/soundness.h"

namespace weir::repositories::sqlite {

/// What a database says of itself.
struct DatabaseFacts {
  SchemaState schema;
  bool has_sentinel;
  std::string journal_mode;  ///< "wal" in one of weir's
  std::string encoding;
  std::int64_t page_size;
  std::int64_t page_count;
  std::int64_t free_pages;
  std::int64_t auto_vacuum;
};
/// Errors: SqliteError as history::Error.
DatabaseFacts inspect(const Onlooker& onlooker);

/// The write-ahead log, as its files show it.
struct LogFacts {
  std::uint64_t bytes;
  /// Frames that are not yet copied back into the database; absent when nobody keeps an index of the log,
  /// which tells.
  std::optional<std::uint64_t> pending_frames;
};
/// To be called before the database is opened: looking at the index drops this process's locks on it. Absent
/// when there is no log.
std::optional<LogFacts> inspect_log(const std::string& path);

/// A check that takes long, with an end to it.
struct SoundnessReport {
  std::optional<std::string> damage;
  std::vector<std::string> contradictions;
  bool is_complete = true;  ///< false: its time was over before anything was found
};
/// Errors: history::Error.
SoundnessReport check_soundness(const Onlooker& onlooker, CheckDepth depth, int version);

}  // namespace weir::repositories::sqlite
