#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace weir::testing {

/// A directory of a test's own, gone with everything in it when the test ends.
class ScratchDirectory {
 public:
  enum class Medium {
    kDisk,
    kMemory  ///< where there is such a file system: for thousands of short-lived databases
  };

  explicit ScratchDirectory(Medium medium = Medium::kDisk) {
    std::string path = (parent(medium) / "weir-test-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no directory for a test");
    path_ = path;
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

  /// Writes a file and returns its path.
  std::string write(std::string_view name, std::string_view bytes) const {
    const std::string path = *this / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

 private:
  static std::filesystem::path parent(Medium medium) {
    const std::filesystem::path memory = "/dev/shm";
    const bool has_memory = medium == Medium::kMemory && std::filesystem::is_directory(memory);
    return has_memory ? memory : std::filesystem::temp_directory_path();
  }

  std::filesystem::path path_;
};

/// All of a file; empty when there is none.
inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace weir::testing
