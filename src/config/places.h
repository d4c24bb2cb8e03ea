#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "weir/config/problem.h"

namespace weir::config {

/// A place as parsers count: lines and bytes from 0.
struct ByteMark {
  int line;
  int column;
};

/// Where the lines of a text begin.
///
/// Lifetime: the text outlives it.
class Places {
 public:
  explicit Places(std::string_view text);

  /// No place in particular for a mark outside the text.
  Position position(ByteMark mark) const;

  bool is_indented_with_tab(Position at) const;

 private:
  std::string_view line(int number) const;

  std::string_view text_;
  std::vector<std::size_t> starts_{0};
};

}  // namespace weir::config
