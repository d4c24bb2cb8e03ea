#include "weir/benchmark/report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "weir/benchmark/lanes.h"

using namespace weir::benchmark;
using weir::repositories::sqlite::Synchronous;

namespace {

template <class Entry>
const Entry& by_name(std::span<const Entry> all, std::string_view name) {
  return *std::ranges::find(all, name, &Entry::name);
}

Row row(std::string_view lane, int round, Measurement measured, std::string_view operation = "append") {
  return {&by_name(all_lanes(), lane), &by_name(all_operations(), operation), 16, round, measured};
}

/// Three rounds of four lanes, none of them in the order of what they gave.
std::vector<Row> three_rounds() {
  return {
      row("reference", 1, {90, 1, 800, 3, 4, 0}),    row("reference", 2, {110, 1, 900, 3, 4, 0}),
      row("reference", 3, {100, 1, 1000, 3, 4, 0}),  row("raw", 1, {250, 1, 450, 3, 4, 0}),
      row("raw", 2, {200, 1, 350, 3, 4, 0}),         row("raw", 3, {150, 1, 400, 3, 4, 0}),
      row("limit", 1, {500, 1, 100, 3, 4, 0}),       row("limit", 2, {500, 1, 100, 3, 4, 0}),
      row("limit", 3, {500, 1, 100, 3, 4, 0}),       row("pooled", 1, {450, 11, 180, 300, 700, 0}),
      row("pooled", 2, {360, 13, 200, 500, 900, 2}), row("pooled", 3, {400, 12, 160, 400, 800, 1}),
  };
}

using Words = std::vector<std::string>;

Words words_of(const std::string& line) {
  std::istringstream text(line);
  Words words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The words of each line that begins with `first`.
std::vector<Words> lines_beginning(const std::string& table, std::string_view first) {
  std::vector<Words> found;
  for (const std::string& line : lines_of(table)) {
    Words words = words_of(line);
    if (!words.empty() && words.front() == first) found.push_back(std::move(words));
  }
  return found;
}

}  // namespace

TEST_CASE("report: the table tells medians, spread, the longest, ratios and all errors of a lane") {
  const auto pooled = lines_beginning(to_table(three_rounds()), "pooled");
  REQUIRE(pooled.size() == 1);
  // Lane, ops/s and its spread; p50, p99, p99.9, max; ops/s, then p99, against reference, raw and limit;
  // errors.
  CHECK(pooled.front() == Words{"pooled", "400", "22%", "12.0", "180.0", "400.0", "900.0", "4.00", "2.00",
                                "0.80", "0.20", "0.45", "1.80", "3"});
}

TEST_CASE("report: each lane is told once, in the order in which it was measured") {
  Words lanes;
  for (const std::string& line : lines_of(to_table(three_rounds()))) {
    const Words words = words_of(line);
    if (words.size() == 14 && words.front() != "lane") lanes.push_back(words.front());
  }
  CHECK(lanes == Words{"reference", "raw", "limit", "pooled"});
}

TEST_CASE("report: there is no ratio against a lane that was not measured") {
  const auto pooled = lines_beginning(
      to_table({row("raw", 1, {100, 1, 50, 3, 4, 0}), row("pooled", 1, {200, 1, 25, 3, 4, 0})}), "pooled");
  REQUIRE(pooled.size() == 1);
  CHECK(pooled.front() ==
        Words{"pooled", "200", "0%", "1.0", "25.0", "3.0", "4.0", "-", "2.00", "-", "-", "0.50", "-", "0"});
}

TEST_CASE("report: each operation and each number of threads has lines of its own") {
  std::vector<Row> rows = {row("pooled", 1, {1, 1, 1, 1, 1, 0}), row("pooled", 1, {2, 1, 1, 1, 1, 0}),
                           row("pooled", 1, {3, 1, 1, 1, 1, 0}, "point_read")};
  rows[1].threads = 4;
  const std::string table = to_table(rows);
  CHECK(lines_beginning(table, "append,") ==
        std::vector<Words>{{"append,", "16", "threads"}, {"append,", "4", "threads"}});
  CHECK(lines_beginning(table, "point_read,") == std::vector<Words>{{"point_read,", "16", "threads"}});
  CHECK(lines_beginning(table, "pooled").size() == 3);
}

TEST_CASE("report: its columns stand below each other") {
  std::size_t width = 0;
  for (const std::string& line : lines_of(to_table(three_rounds()))) {
    if (words_of(line).size() != 14) continue;
    if (width == 0) width = line.size();
    CHECK(line.size() == width);
  }
}

TEST_CASE("report: the JSON is one object a row, with the keys that are promised and no other") {
  const auto rows = three_rounds();
  const auto json = nlohmann::ordered_json::parse(to_json(rows, {}));
  REQUIRE(json.size() == rows.size());
  for (const auto& object : json) {
    Words keys;
    for (const auto& [key, value] : object.items()) keys.push_back(key);
    CHECK(keys == Words{"lane", "operation", "synchronous", "threads", "round", "ops_per_s", "p50_us",
                        "p99_us", "p999_us", "max_us", "errors"});
  }
}

TEST_CASE("report: the JSON holds each round as it was measured") {
  Plan plan;
  plan.synchronous = Synchronous::kFull;
  const auto json = nlohmann::json::parse(to_json({row("pooled", 2, {360.5, 13.5, 200, 500, 900, 2})}, plan));
  CHECK(json == nlohmann::json{{{"lane", "pooled"},
                                {"operation", "append"},
                                {"synchronous", "full"},
                                {"threads", 16},
                                {"round", 2},
                                {"ops_per_s", 360.5},
                                {"p50_us", 13.5},
                                {"p99_us", 200.0},
                                {"p999_us", 500.0},
                                {"max_us", 900.0},
                                {"errors", 2}}});
}

TEST_CASE("report: the JSON says how commits were synced, and is a list when nothing was measured") {
  CHECK(nlohmann::json::parse(to_json({row("raw", 1, {})}, {}))[0]["synchronous"] == "normal");
  CHECK(nlohmann::json::parse(to_json({}, {})) == nlohmann::json::array());
}
