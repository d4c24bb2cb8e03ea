#pragma once

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>

namespace weir::repositories::sqlite {

/// Removes a database with the journals and the index that belong to it; what is not there is passed over.
void remove_database_files(const std::string& path);

/// What of a file changes when somebody writes it.
struct FileTrace {
  ino_t inode;
  off_t size;
  std::time_t seconds;  ///< since when it is as it is
  long nanoseconds;

  friend bool operator==(const FileTrace&, const FileTrace&) = default;
};

/// What of a database changes when somebody writes it; absent is what is not there.
struct DatabaseTrace {
  std::optional<FileTrace> database;
  std::optional<FileTrace> log;
  std::optional<FileTrace> journal;

  friend bool operator==(const DatabaseTrace&, const DatabaseTrace&) = default;
};
DatabaseTrace trace_of(const std::string& path);

}  // namespace weir::repositories::sqlite
