#pragma once

#include <map>
#include <sstream>
#include <string>

#include "weir/service/prometheus_observer.h"

namespace weir::testing {

inline history::RepositoryInfo invented_info() {
  history::RepositoryInfo info;
  info.name = "PooledSqlRepo";
  info.sqlite_version = "3.40.1";
  return info;
}

inline std::string render(const service::PrometheusObserver& observer) {
  return observer.render(invented_info(), history::RepositoryStats{});
}

/// The samples of a page: what stands before the last space of a line, and the value after it.
inline std::map<std::string, std::string> samples(const std::string& page) {
  std::map<std::string, std::string> found;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto space = line.rfind(' ');
    found[line.substr(0, space)] = line.substr(space + 1);
  }
  return found;
}

/// `# TYPE` lines and series, values left out.
inline std::string masked(const std::string& page) {
  std::string kept;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP")) continue;
    kept += line.starts_with("#") ? line : line.substr(0, line.rfind(' '));
    kept += '\n';
  }
  return kept;
}

/// The families of a page, each with its kind.
inline std::map<std::string, std::string> families(const std::string& page) {
  std::map<std::string, std::string> found;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash, word, name, kind;
    words >> hash >> word >> name >> kind;
    if (hash == "#" && word == "TYPE") found[name] = kind;
  }
  return found;
}

}  // namespace weir::testing
