// weir bench, with other people's libraries beside weir's own lanes.

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <iostream>
#include <vector>

#include "peers.h"
#include "weir/benchmark/lanes.h"
#include "weir/benchmark/reference_schema.h"
#include "weir/commands/bench.h"
#include "weir/history/error.h"

namespace {

using weir::benchmark::fill_reference;
using weir::benchmark::LaneKind;

std::vector<LaneKind> lanes_with_peers() {
  const auto own = weir::benchmark::all_lanes();
  std::vector<LaneKind> lanes(own.begin(), own.end());
  lanes.push_back({"sqlitecpp", "reference", true, fill_reference, weir::peers::open_sqlitecpp_lane});
  lanes.push_back({"soci", "reference", true, fill_reference, weir::peers::open_soci_lane});
  lanes.push_back({"poco", "reference", true, fill_reference, weir::peers::open_poco_lane});
  return lanes;
}

std::string describe(const std::vector<LaneKind>& lanes) {
  std::string names;
  for (const LaneKind& lane : lanes) names += (names.empty() ? "of " : ", ") + std::string(lane.name);
  return names + "; all of them by default";
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<LaneKind> lanes = lanes_with_peers();
  weir::commands::BenchArguments arguments;
  CLI::App app("weir bench beside SQLiteCpp, SOCI and POCO", "bench_peers");
  weir::commands::add_bench_options(app, arguments);
  app.get_option("--lanes")->description(describe(lanes));
  try {
    app.parse(argc, argv);
    return weir::commands::bench(arguments, lanes);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return weir::commands::kUsage;
  } catch (const weir::history::Error& error) {
    std::cerr << "error: " << error.what() << '\n';
    return weir::commands::kUsage;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return weir::commands::kFailed;
  }
}
