#include "weir/repositories/sqlite/scratch_copy.h"

#include <stdlib.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/database_files.h"
#include "weir/repositories/system_error_text.h"

namespace weir::repositories::sqlite {
namespace {

namespace fs = std::filesystem;
using history::Error;
using history::ErrorCode;

// The log's index is made anew from the log.
constexpr std::array<const char*, 3> kSuffixes = {"", "-wal", "-journal"};

std::string make_folder(const std::string& original) {
  std::string folder = original + ".weir-dry-XXXXXX";
  if (::mkdtemp(folder.data()) != nullptr) return folder;
  throw Error(ErrorCode::kUnavailable,
              "cannot make a folder beside " + original + ": " + system_error_text(errno));
}

void copy_files(const std::string& from, const fs::path& to) {
  for (const char* suffix : kSuffixes) {
    if (fs::exists(from + suffix)) fs::copy_file(from + suffix, to.string() + suffix);
  }
}

}  // namespace

ScratchCopy::ScratchCopy(const std::string& original)
    : folder_(make_folder(original)), path_(fs::path(folder_) / fs::path(original).filename()) {
  try {
    const DatabaseTrace before = trace_of(original);
    copy_files(original, path_);
    if (trace_of(original) != before) {
      throw Error(ErrorCode::kUnavailable,
                  "another program writes " + original + ": stop the service that uses it first");
    }
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw;
  }
}

ScratchCopy::~ScratchCopy() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace weir::repositories::sqlite
