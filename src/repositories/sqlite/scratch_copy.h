#pragma once

#include <string>

namespace weir::repositories::sqlite {

/// A copy of a database to try things on: the file and what belongs to it, in a folder beside it that goes
/// with the copy.
///
/// The original is read as any file is and never opened by SQLite, which would make a log of its own.
///
/// Thread-safety: none.
class ScratchCopy {
 public:
  /// Errors: history::Error: kUnavailable when it cannot be copied, or is changed meanwhile; kStorageFull.
  explicit ScratchCopy(const std::string& original);
  ScratchCopy(const ScratchCopy&) = delete;
  ScratchCopy& operator=(const ScratchCopy&) = delete;
  ~ScratchCopy();

  const std::string& path() const { return path_; }

 private:
  std::string folder_;
  std::string path_;
};

}  // namespace weir::repositories::sqlite
