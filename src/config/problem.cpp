#include "weir/config/problem.h"

namespace weir::config {

std::string to_string(const Problem& problem) {
  std::string text = problem.source;
  if (problem.at.line > 0) {
    text += ':' + std::to_string(problem.at.line) + ':' + std::to_string(problem.at.column);
  }
  if (!problem.key.empty()) text += ": " + problem.key;
  return text + ": " + problem.what;
}

}  // namespace weir::config
