#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "weir/repositories/sqlite/soundness.h"

namespace weir::repositories::sqlite {

enum class CopyStep {
  kSourceChecked,  ///< only where the source is to be checked
  kCopied,         ///< the draft is whole and on the disk
  kChecked,        ///< and sound
};

/// Told how far a copy is, on its thread.
struct CopyListener {
  struct Progress {
    std::int64_t done;
    std::int64_t pages;
  };
  std::function<void(const Progress&)> progress;
  std::function<void(CopyStep)> step;
  std::function<bool()> is_stopped;  ///< asked often; once true, the copy is given up
};

struct CopyRequest {
  std::string from;
  std::string to;                                                      ///< where nothing stands
  enum class Source { kTrusted, kChecked } source = Source::kTrusted;  ///< whether it is checked before too
};

/// Copies one of weir's databases, which may be in use, to a file of its own with mode 0600: one that needs
/// no log beside it, holds everything that was committed when the copy began, and has its name only once it
/// is on the disk and found sound.
///
/// One read transaction lasts as long as pages are copied. It keeps SQLite's backup from beginning anew
/// whenever another process has written, which under constant writes would never end; and the log of a
/// database that is written meanwhile grows until it is over. The checks come after it.
///
/// A copy that is cut short leaves nothing; by a kill, `TO.weir-copy`, which the next copy to the same name
/// replaces.
///
/// Blocking: until done.
/// Errors: history::Error: kNotFound when there is no database, kUnsupported when it is not weir's, kConflict
/// when
///   something stands at `to` or another copy to it is under way, kDamaged when one of the two is not sound,
///   kUnavailable when another program keeps it or nobody else kept it still, kTimeout when it was stopped,
///   kStorageFull.
ContentCounts copy_database(const CopyRequest& request, const CopyListener& listener);

}  // namespace weir::repositories::sqlite
