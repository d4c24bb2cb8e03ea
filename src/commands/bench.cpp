#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "weir/benchmark/report.h"
#include "weir/commands/bench.h"
#include "weir/history/error.h"

namespace weir::commands {
namespace {

using benchmark::Plan;
using history::Error;
using history::ErrorCode;

/// The entries of `all` with these names, or all of them when none is named.
template <class Entry>
std::vector<const Entry*> choose(std::span<const Entry> all, const std::vector<std::string>& names,
                                 std::string_view option) {
  std::vector<const Entry*> chosen;
  std::string allowed;
  for (const Entry& entry : all) {
    allowed += (allowed.empty() ? "" : ", ") + std::string(entry.name);
    if (names.empty()) chosen.push_back(&entry);
  }
  for (const std::string& name : names) {
    const auto found = std::ranges::find(all, name, &Entry::name);
    if (found == all.end()) {
      throw Error(ErrorCode::kInvalidArgument, std::string(option) + ": " + name + " is none of " + allowed,
                  std::string(option));
    }
    chosen.push_back(&*found);
  }
  return chosen;
}

Plan to_plan(const BenchArguments& arguments, std::span<const benchmark::LaneKind> lanes) {
  using repositories::sqlite::Synchronous;
  if (arguments.conversations * benchmark::kRecent > arguments.events) {
    throw Error(ErrorCode::kInvalidArgument,
                "--events: must be at least 50 for each of the --conversations, for recent_50 reads as many",
                "--events");
  }
  Plan plan;
  plan.lanes = choose(lanes, arguments.lanes, "--lanes");
  plan.operations = choose(benchmark::all_operations(), arguments.operations, "--operations");
  plan.threads = arguments.threads;
  plan.seconds = std::chrono::duration<double>(arguments.seconds);
  plan.rounds = arguments.rounds;
  plan.size = {arguments.events, arguments.conversations};
  plan.synchronous = arguments.synchronous == "full" ? Synchronous::kFull : Synchronous::kNormal;
  plan.sync_delay = std::chrono::microseconds(static_cast<std::int64_t>(arguments.sync_delay_ms * 1000.0));
  plan.has_search = arguments.search == "on";
  return plan;
}

void tell(const benchmark::Row& row) {
  std::cerr << "round " << row.round << ": " << row.operation->name << ", " << row.lane->name << ", "
            << row.threads << " threads: " << static_cast<std::int64_t>(row.measured.ops_per_s) << "/s\n";
}

}  // namespace

void add_bench_options(CLI::App& command, BenchArguments& arguments) {
  const auto list = [&](const std::string& name, auto& values, const std::string& description) {
    return command.add_option(name, values, description)->delimiter(',')->allow_extra_args(false);
  };
  list("--lanes", arguments.lanes, "of reference, raw, limit, legacy, pooled; all of them by default");
  list("--operations", arguments.operations,
       "of point_read, recent_50, append, mixed_90_10, read_beside_writer; all of them by default");
  list("--threads", arguments.threads, "16 by default, and 8 beside the writer")->check(CLI::Range(1, 1024));
  command.add_option("--seconds", arguments.seconds, "of each measurement")->check(CLI::Range(0.01, 3600.0));
  command.add_option("--rounds", arguments.rounds, "whose medians are told")->check(CLI::Range(1, 1000));
  command.add_option("--events", arguments.events, "in the database")->check(CLI::Range(1, 100'000'000));
  command.add_option("--conversations", arguments.conversations, "that they belong to")
      ->check(CLI::Range(1, 10'000'000));
  command.add_option("--synchronous", arguments.synchronous, "normal or full")
      ->check(CLI::IsMember({"normal", "full"}));
  command.add_option("--sync-delay", arguments.sync_delay_ms, "milliseconds by which each sync takes longer")
      ->check(CLI::Range(0.0, 10'000.0));
  command.add_option("--search", arguments.search, "on or off: pooled and legacy index what is stored")
      ->check(CLI::IsMember({"on", "off"}));
  command.add_option("--json", arguments.json_file, "a file for every single result");
  command.option_defaults()->always_capture_default();
}

ExitStatus bench(const BenchArguments& arguments, std::span<const benchmark::LaneKind> lanes) {
  const Plan plan = to_plan(arguments, lanes);
  // Opened first: a path that cannot be written to is told before minutes of measuring.
  std::ofstream json_file;
  if (arguments.json_file) {
    json_file.open(*arguments.json_file);
    if (!json_file) throw Error(ErrorCode::kInvalidArgument, "--json: cannot write " + *arguments.json_file);
  }
  const auto rows = benchmark::run_plan(plan, tell);
  std::cout << benchmark::to_table(rows) << std::flush;
  if (json_file.is_open() && !(json_file << benchmark::to_json(rows, plan) << std::flush)) {
    throw std::runtime_error("cannot write " + *arguments.json_file);
  }
  const bool is_right = std::ranges::all_of(rows, [](const auto& row) { return row.measured.errors == 0; });
  return is_right ? kFine : kFailed;
}

}  // namespace weir::commands
