#include "fuzz/targets.h"
#include "service/jsonl_memory_repository.h"
#include "support/scratch_directory.h"
#include "weir/service/jsonl_import.h"

namespace weir::fuzz {
namespace {

/// The number in front of a complaint, as `line 17: ...`.
std::uint64_t line_of(std::string_view complaint) {
  require(complaint.starts_with("line "), "a complaint names its line");
  return std::stoull(std::string(complaint.substr(5)));
}

}  // namespace

/// A file of JSON Lines, gzipped or not.
void try_import(std::string_view bytes) {
  static const testing::ScratchDirectory folder(testing::ScratchDirectory::Medium::kMemory);
  const std::string path = folder.write("input", bytes);
  service::LineSource lines(path);
  testing::MemoryRepository repository;
  std::uint64_t complaints = 0;
  std::uint64_t last = 0;
  const service::ImportListener listener{
      .rejected =
          [&](std::string_view complaint) {
            ++complaints;
            const std::uint64_t line = line_of(complaint);
            require(line > last, "complaints come in the order of the lines");
            last = line;
          },
      .progressed =
          [&](const service::ImportProgress& progress) {
            require(progress.bytes <= bytes.size(), "no more is read than there is");
          }};
  try {
    const service::ImportCounts counts = service::import_jsonl(lines, repository, listener);
    require(counts.rejected == complaints, "who is rejected is told");
  } catch (const history::Error& error) {
    require(error.code() == history::ErrorCode::kDamaged, "nothing but damaged gzip data ends an import");
  }
}

}  // namespace weir::fuzz
