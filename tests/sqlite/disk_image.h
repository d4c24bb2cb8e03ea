#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace weir::testing {

/// A change of a file that was told to the disk and is not known to be on it.
struct PendingChange {
  enum class Kind { kWrite, kTruncate, kRemove };

  Kind kind;
  std::string file;
  std::size_t offset = 0;  ///< of a write; a truncation's new size
  std::string bytes{};     ///< of a write
};

/// What stands on a disk: the bytes of each file by its name.
class DiskImage {
 public:
  void apply(const PendingChange& change);

  /// Writes the files into a folder that is empty.
  void write_to(const std::string& folder) const;

  const std::map<std::string, std::string>& files() const { return files_; }

 private:
  friend class PowerLoss;

  std::map<std::string, std::string> files_;
};

/// What is left of a disk when its power is lost: of each change that was not synced, in whatever order they
/// were to be done, all, nothing, some sectors, a beginning, garbage in some sectors, or the length alone.
///
/// Thread-safety: one thread at a time.
class PowerLoss {
 public:
  explicit PowerLoss(std::uint64_t seed) : random_(seed) {}

  DiskImage strike(const DiskImage& synced, const std::vector<PendingChange>& pending);

 private:
  enum class Fate { kKept, kLost, kSectors, kBeginning, kLengthOnly };

  Fate fate(const PendingChange& change);
  void tear(DiskImage& image, const PendingChange& change, std::size_t sector);
  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
  }

  std::mt19937_64 random_;
};

}  // namespace weir::testing
