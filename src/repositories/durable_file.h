#pragma once

#include <string>

namespace weir::repositories {

// What makes a change of files survive a power cut. Errors: history::Error, kUnavailable or kStorageFull.

/// Brings the content of a file to the disk.
void sync_file(const std::string& path);

/// From one name to another in the same folder, at once, and brings the folder to the disk.
struct Renaming {
  std::string from;
  std::string to;  ///< what stands there goes
};
void rename_durably(const Renaming& renaming);

}  // namespace weir::repositories
