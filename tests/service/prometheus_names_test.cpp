// Dashboards and alerts hold on to these names: the golden file, promtool and the documentation must agree
// with them.
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "service/prometheus_fixture.h"
#include "support/scratch_directory.h"

namespace {

using weir::testing::families;
using weir::testing::masked;
using weir::testing::read_file;
using weir::testing::render;
using weir::testing::ScratchDirectory;

const std::string kGolden = WEIR_SOURCE_DIR "/tests/data/metrics.golden";
const std::string kDocumentation = WEIR_SOURCE_DIR "/docs/metrics.md";

/// The rows of the documentation's tables, by the family in their first cell.
std::map<std::string, std::string> documented_rows() {
  std::map<std::string, std::string> rows;
  std::istringstream lines(read_file(kDocumentation));
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kRow = "| `weir_";
    if (!line.starts_with(kRow)) continue;
    const auto name_from = kRow.size() - std::string_view("weir_").size();
    rows[line.substr(name_from, line.find('`', name_from) - name_from)] = line;
  }
  return rows;
}

/// The names of the labels that the series of `family` have.
std::set<std::string> labels_of(const std::string& family, const std::string& page) {
  std::set<std::string> labels;
  for (const auto& [series, value] : weir::testing::samples(page)) {
    const auto brace = series.find('{');
    if (brace == std::string::npos || !series.starts_with(family)) continue;
    if (const auto suffix = series.substr(family.size(), brace - family.size());
        !suffix.empty() && suffix != "_count") {
      continue;
    }
    for (auto from = brace; from != std::string::npos; from = series.find(',', from + 1)) {
      labels.insert(series.substr(from + 1, series.find('=', from) - from - 1));
    }
  }
  return labels;
}

}  // namespace

TEST_CASE("metric names: families, kinds and series are those of tests/data/metrics.golden") {
  const std::string actual = masked(render(weir::service::PrometheusObserver{}));
  const bool is_same = actual == read_file(kGolden);
  if (!is_same) std::ofstream("metrics.actual") << actual;
  CHECK_MESSAGE(is_same, "wanted changes: compare metrics.actual in the working directory with "
                             << kGolden << " and copy it there");
}

TEST_CASE("metric names: promtool has nothing to say about a page") {
  if (std::system("command -v promtool >/dev/null") != 0) {
    MESSAGE("skipped: promtool is not installed");
    return;
  }
  const ScratchDirectory folder;
  const std::string page = folder.write("page", render(weir::service::PrometheusObserver{}));
  const std::string said = folder / "said";
  CHECK(std::system(("promtool check metrics <" + page + " >" + said + " 2>&1").c_str()) == 0);
  CHECK(read_file(said) == "");
}

TEST_CASE("metric names: docs/metrics.md has a row for every family, and none for another") {
  const auto rendered = families(render(weir::service::PrometheusObserver{}));
  const auto rows = documented_rows();
  for (const auto& family : rendered) CHECK_MESSAGE(rows.contains(family.first), family.first);
  for (const auto& row : rows) CHECK_MESSAGE(rendered.contains(row.first), row.first);
}

TEST_CASE("metric names: a family's row in docs/metrics.md names its kind and its labels") {
  const std::string page = render(weir::service::PrometheusObserver{});
  const auto rows = documented_rows();
  for (const auto& family : families(page)) {
    const std::string& name = family.first;
    const auto row = rows.find(name);
    REQUIRE_MESSAGE(row != rows.end(), name);
    CHECK_MESSAGE(row->second.find("| " + family.second + " |") != std::string::npos, name);
    for (const auto& label : labels_of(name, page)) {
      CHECK_MESSAGE(row->second.find('`' + label + '`') != std::string::npos, name << ' ' << label);
    }
  }
}

TEST_CASE("metric names: docs/metrics.md names every value that a label can have") {
  const std::string text = read_file(kDocumentation);
  std::istringstream words(masked(render(weir::service::PrometheusObserver{})));
  for (std::string word; words >> word;) {
    const bool is_bucket = word.find(",le=") != std::string::npos || word.find("{le=") != std::string::npos;
    if (is_bucket || word.starts_with("weir_sqlite_info")) continue;
    for (auto from = word.find('"'); from != std::string::npos; from = word.find('"', from + 1)) {
      const auto until = word.find('"', from + 1);
      const std::string value = word.substr(from + 1, until - from - 1);
      CHECK_MESSAGE(text.find('`' + value + '`') != std::string::npos, value);
      from = until;
    }
  }
}
