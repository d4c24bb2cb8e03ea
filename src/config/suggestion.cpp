#include "weir/config/suggestion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>
#include <vector>

#include "weir/config/settings_keys.h"

namespace weir::config {
namespace {

constexpr double kSlip = 0.34;            // at most one letter in three is wrong
constexpr double kOtherPlace = 0.25;      // a right name in the wrong place counts as one letter in four
constexpr std::size_t kLongestName = 64;  // what is longer is like no key of ours, and costs time to compare

std::string_view parent_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::string_view name_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

/// How many letters must be put in, left out or changed to make one name of the other.
std::size_t distance(std::string_view wrong, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t k = 0; k < right.size(); ++k) {
      const std::size_t changed = diagonal + (wrong[i] == right[k] ? 0 : 1);
      diagonal = row[k + 1];
      row[k + 1] = std::min({changed, row[k] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// Every key, and every map above one.
std::set<std::string_view> all_paths() {
  std::set<std::string_view> paths(kSections.begin(), kSections.end());
  for (const Key& key : settings_keys()) {
    for (std::string_view path = key.path; !path.empty(); path = parent_of(path)) paths.insert(path);
  }
  return paths;
}

/// What may stand inside a section: whoever writes there does not mean a map around it.
std::set<std::string_view> inner_paths() {
  std::set<std::string_view> paths = all_paths();
  std::erase_if(paths, [](std::string_view path) { return !is_in_section(parent_of(path)); });
  return paths;
}

/// 0 for the same, 1 for names that share nothing; more in another place.
double difference(std::string_view unknown, std::string_view known) {
  const std::string_view wrong = name_of(unknown).substr(0, kLongestName);
  const std::string_view right = name_of(known);
  const auto longer = static_cast<double>(std::max(wrong.size(), right.size()));
  const double elsewhere = parent_of(unknown) == parent_of(known) ? 0.0 : kOtherPlace;
  return static_cast<double>(distance(wrong, right)) / longer + elsewhere;
}

}  // namespace

std::string suggestion(std::string_view unknown, Nearness nearness) {
  static const std::set<std::string_view> all = all_paths();
  static const std::set<std::string_view> inner = inner_paths();
  const auto& known = nearness == Nearness::kSlip ? all : inner;
  const auto nearest = std::min_element(known.begin(), known.end(), [&](auto a, auto b) {
    return difference(unknown, a) < difference(unknown, b);
  });
  if (nearness == Nearness::kSlip && difference(unknown, *nearest) > kSlip) return "";
  return ", did you mean " + std::string(*nearest) + "?";
}

}  // namespace weir::config
