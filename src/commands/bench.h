#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "weir/benchmark/lane.h"
#include "weir/commands/arguments.h"

namespace CLI {
class App;
}

namespace weir::commands {

/// What the command line of `weir bench` said.
struct BenchArguments {
  std::vector<std::string> lanes{};       ///< empty: all
  std::vector<std::string> operations{};  ///< empty: all
  std::vector<std::size_t> threads{};     ///< empty: 16, and 8 beside the writer
  double seconds = 2.0;                   ///< of each measurement; it is warmed up for half as long
  int rounds = 3;
  std::size_t events = 200'000;
  std::size_t conversations = 1'000;
  std::string synchronous = "normal";
  double sync_delay_ms = 0.0;  ///< by which each sync takes longer
  std::string search = "off";  ///< of the lanes pooled and legacy
  std::optional<std::string> json_file{};
};

/// Adds the options of `weir bench` to `command`, which fill `arguments`.
/// Lifetime: `arguments` outlives `command`.
void add_bench_options(CLI::App& command, BenchArguments& arguments);

/// Measures those of `lanes` that are asked for, in the working directory. Fails when an answer was wrong.
/// Errors: history::Error(kInvalidArgument) for a lane or an operation that there is not.
ExitStatus bench(const BenchArguments& arguments, std::span<const benchmark::LaneKind> lanes);

}  // namespace weir::commands
