#include "weir/benchmark/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "weir/history/json_writer.h"

namespace weir::benchmark {
namespace {

constexpr std::array<std::string_view, 3> kYardsticks = {"reference", "raw", "limit"};

std::string format(const char* pattern, double value) {
  std::array<char, 48> text{};
  const int size = std::snprintf(text.data(), text.size(), pattern, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// All rounds of one lane at one operation.
struct Summary {
  std::string_view lane;
  double ops_per_s = 0;
  double spread = 0;  // of the rounds round their median, as a share of it
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double max_us = 0;
  std::uint64_t errors = 0;
};

Summary summarise(const std::vector<const Row*>& rounds) {
  const auto over_rounds = [&](double Measurement::*field) {
    std::vector<double> values;
    for (const Row* row : rounds) values.push_back(row->measured.*field);
    return values;
  };
  Summary summary{rounds.front()->lane->name};
  const auto rates = over_rounds(&Measurement::ops_per_s);
  summary.ops_per_s = median(rates);
  const auto [lowest, highest] = std::ranges::minmax(rates);
  if (summary.ops_per_s > 0) summary.spread = (highest - lowest) / summary.ops_per_s;
  summary.p50_us = median(over_rounds(&Measurement::p50_us));
  summary.p99_us = median(over_rounds(&Measurement::p99_us));
  summary.p999_us = median(over_rounds(&Measurement::p999_us));
  summary.max_us = std::ranges::max(over_rounds(&Measurement::max_us));
  for (const Row* row : rounds) summary.errors += row->measured.errors;
  return summary;
}

/// The rows of one operation and number of threads, a summary for each lane, in the order of the plan.
std::vector<Summary> summarise_lanes(const std::vector<const Row*>& rows) {
  std::vector<Summary> summaries;
  for (const Row* row : rows) {
    if (std::ranges::find(summaries, row->lane->name, &Summary::lane) != summaries.end()) continue;
    std::vector<const Row*> rounds;
    std::ranges::copy_if(rows, std::back_inserter(rounds),
                         [&](const Row* other) { return other->lane == row->lane; });
    summaries.push_back(summarise(rounds));
  }
  return summaries;
}

/// `summary` as a multiple of a yardstick, "-" where that was not measured.
std::string ratio(const std::vector<Summary>& all, const Summary& summary, std::string_view yardstick,
                  double Summary::*field) {
  const auto other = std::ranges::find(all, yardstick, &Summary::lane);
  if (other == all.end() || (*other).*field <= 0) return "-";
  const double times = summary.*field / ((*other).*field);
  return format(times < 100 ? "%.2f" : "%.0f", times);
}

std::string padded(std::string text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

std::string to_lines(const std::vector<Summary>& all) {
  std::string lines;
  for (const Summary& summary : all) {
    lines += "  " + std::string(summary.lane) + std::string(10 - summary.lane.size(), ' ');
    lines += padded(format("%.0f", summary.ops_per_s), 9) + padded(format("%.0f%%", summary.spread * 100), 7);
    for (const double value : {summary.p50_us, summary.p99_us, summary.p999_us, summary.max_us}) {
      lines += padded(format("%.1f", value), 11);
    }
    for (const std::string_view yardstick : kYardsticks) {
      lines += padded(ratio(all, summary, yardstick, &Summary::ops_per_s), 9);
    }
    for (const std::string_view yardstick : kYardsticks) {
      lines += padded(ratio(all, summary, yardstick, &Summary::p99_us), 9);
    }
    lines += padded(std::to_string(summary.errors), 8) + '\n';
  }
  return lines;
}

constexpr std::string_view kHeader =
    "                                                                       ops/s as a multiple of"
    "     p99 as a multiple of\n"
    "  lane          ops/s spread     p50 us     p99 us   p99.9 us     max us"
    "  referen      raw    limit  referen      raw    limit  errors\n";

bool is_same_question(const Row& a, const Row& b) {
  return a.operation == b.operation && a.threads == b.threads;
}

}  // namespace

std::string to_table(const std::vector<Row>& rows) {
  std::string table(kHeader);
  std::vector<const Row*> told;
  for (const Row& row : rows) {
    if (std::ranges::any_of(told, [&](const Row* other) { return is_same_question(row, *other); })) continue;
    told.push_back(&row);
    std::vector<const Row*> of_question;
    for (const Row& other : rows) {
      if (is_same_question(row, other)) of_question.push_back(&other);
    }
    table += std::string(row.operation->name) + ", " + std::to_string(row.threads) + " threads\n" +
             to_lines(summarise_lanes(of_question));
  }
  return table;
}

std::string to_json(const std::vector<Row>& rows, const Plan& plan) {
  const bool is_full = plan.synchronous == repositories::sqlite::Synchronous::kFull;
  std::string text;
  history::JsonWriter json(text);
  json.begin_array();
  for (const Row& row : rows) {
    json.begin_object();
    json.key("lane").string(row.lane->name).key("operation").string(row.operation->name);
    json.key("synchronous").string(is_full ? "full" : "normal");
    json.key("threads").unsigned_integer(row.threads).key("round").integer(row.round);
    const auto number = [&](std::string_view name, double value) {
      json.key(name).raw(format("%.1f", value));
    };
    number("ops_per_s", row.measured.ops_per_s);
    number("p50_us", row.measured.p50_us);
    number("p99_us", row.measured.p99_us);
    number("p999_us", row.measured.p999_us);
    number("max_us", row.measured.max_us);
    json.key("errors").unsigned_integer(row.measured.errors).end_object();
  }
  json.end_array();
  return text + '\n';
}

}  // namespace weir::benchmark
