// What `weir bench` refuses before it measures anything.

#include <doctest/doctest.h>

#include <string>

#include "support/error_of.h"
#include "support/scratch_directory.h"
#include "weir/benchmark/lanes.h"
#include "weir/commands/bench.h"

using weir::commands::BenchArguments;
using weir::history::ErrorCode;
using weir::testing::ScratchDirectory;

namespace {

/// What the refusal of `arguments` says.
std::string refusal_of(const BenchArguments& arguments) {
  const auto error = weir::testing::error_of([&] { bench(arguments, weir::benchmark::all_lanes()); });
  CHECK(error.code() == ErrorCode::kInvalidArgument);
  return error.what();
}

bool says(const std::string& text, const std::string& phrase) {
  return text.find(phrase) != std::string::npos;
}

}  // namespace

TEST_CASE("bench command: a lane that there is not is refused, and those that there are are named") {
  BenchArguments arguments;
  arguments.lanes = {"pooled", "puddle"};
  const std::string refusal = refusal_of(arguments);
  CHECK(says(refusal, "--lanes"));
  CHECK(says(refusal, "puddle"));
  CHECK(says(refusal, "reference, raw, limit, legacy, pooled"));
}

TEST_CASE("bench command: so is an operation") {
  BenchArguments arguments;
  arguments.operations = {"delete"};
  const std::string refusal = refusal_of(arguments);
  CHECK(says(refusal, "--operations"));
  CHECK(says(refusal, "point_read, recent_50, append, mixed_90_10, read_beside_writer"));
}

TEST_CASE("bench command: conversations too short for recent_50 are refused") {
  BenchArguments arguments;
  arguments.events = 199;
  arguments.conversations = 4;
  CHECK(says(refusal_of(arguments), "--events"));
}

TEST_CASE("bench command: a result that cannot be written is refused first") {
  const ScratchDirectory scratch;
  BenchArguments arguments;
  arguments.json_file = scratch / "absent/result.json";
  CHECK(says(refusal_of(arguments), "--json"));
}
