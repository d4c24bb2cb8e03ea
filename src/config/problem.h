#pragma once

#include <compare>
#include <string>

namespace weir::config {

/// A place in a text, line and column counted from 1, columns in characters. Line 0: no place in particular.
struct Position {
  int line = 0;
  int column = 0;

  friend auto operator<=>(const Position&, const Position&) = default;
};

/// One thing that is wrong with a configuration, or doubtful.
struct Problem {
  std::string source;  ///< the file as it was named, or --set
  Position at{};
  std::string key;  ///< its path; empty when no key is at fault
  std::string what;
};

/// As `config.yaml:12:7: server.listen: found ..., must be ...`.
std::string to_string(const Problem& problem);

}  // namespace weir::config
