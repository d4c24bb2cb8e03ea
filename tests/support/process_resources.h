#pragma once

#include <compare>
#include <cstddef>
#include <filesystem>
#include <iterator>

namespace weir::testing {

/// What this process holds of the system, to be told apart from what it held before.
struct ProcessResources {
  std::size_t files;
  std::size_t threads;

  static ProcessResources now() { return {entries_of("/proc/self/fd"), entries_of("/proc/self/task")}; }

  friend bool operator==(const ProcessResources&, const ProcessResources&) = default;

  static std::size_t entries_of(const char* folder) {
    using Iterator = std::filesystem::directory_iterator;
    return static_cast<std::size_t>(std::distance(Iterator(folder), Iterator()));
  }
};

}  // namespace weir::testing
