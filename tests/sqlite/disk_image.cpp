#include "sqlite/disk_image.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace weir::testing {

void DiskImage::apply(const PendingChange& change) {
  if (change.kind == PendingChange::Kind::kRemove) {
    files_.erase(change.file);
    return;
  }
  std::string& file = files_[change.file];
  if (change.kind == PendingChange::Kind::kTruncate) return file.resize(change.offset);
  file.resize(std::max(file.size(), change.offset + change.bytes.size()));
  file.replace(change.offset, change.bytes.size(), change.bytes);
}

void DiskImage::write_to(const std::string& folder) const {
  for (const auto& [name, bytes] : files_) {
    std::ofstream(std::filesystem::path(folder) / name, std::ios::binary) << bytes;
  }
}

DiskImage PowerLoss::strike(const DiskImage& synced, const std::vector<PendingChange>& pending) {
  DiskImage image = synced;
  const std::size_t sector = below(2) == 0 ? 512 : 4096;
  for (const PendingChange& change : pending) {
    PendingChange torn = change;
    switch (fate(change)) {
      case Fate::kLost:
        continue;
      case Fate::kKept:
        break;
      case Fate::kSectors:
        tear(image, change, sector);
        continue;
      case Fate::kBeginning:
        torn.bytes.resize(below(change.bytes.size() + 1));
        break;
      case Fate::kLengthOnly: {
        std::string& file = image.files_[change.file];
        file.resize(std::max(file.size(), change.offset + change.bytes.size()));
        continue;
      }
    }
    image.apply(torn);
  }
  return image;
}

PowerLoss::Fate PowerLoss::fate(const PendingChange& change) {
  constexpr std::size_t kKeptOrLost = 2;
  constexpr std::size_t kAny = 5;
  const std::size_t fate = below(kAny);
  // Half of all writes are kept as they are, so that now and then many in a row are.
  if (change.kind == PendingChange::Kind::kWrite)
    return below(2) == 0 ? Fate::kKept : static_cast<Fate>(fate);
  return static_cast<Fate>(fate % kKeptOrLost);
}

void PowerLoss::tear(DiskImage& image, const PendingChange& change, std::size_t sector) {
  for (std::size_t begin = 0; begin < change.bytes.size();) {
    const std::size_t to_boundary = sector - (change.offset + begin) % sector;
    PendingChange piece = change;
    piece.offset = change.offset + begin;
    piece.bytes = change.bytes.substr(begin, to_boundary);
    begin += piece.bytes.size();
    const std::size_t luck = below(3);
    if (luck == 0) continue;
    if (luck == 1) std::ranges::generate(piece.bytes, [&] { return static_cast<char>(below(256)); });
    image.apply(piece);
  }
}

}  // namespace weir::testing
