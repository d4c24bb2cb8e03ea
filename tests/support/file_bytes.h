#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace weir::testing {

/// Writes a file and returns its path.
inline std::string write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

/// All of a file; empty when there is none.
inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace weir::testing
