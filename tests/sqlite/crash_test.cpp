// Power cuts, in the manner of SQLite's own test6.c: after every change and every sync of a file, with what
// was not synced lost, torn or out of order. What is found afterwards is the state after exactly so many
// commits (invariant I3): with synchronous full all that were acknowledged, with normal a beginning of them.
//
// A cut that fails is named `seed:point`; WEIR_CRASH_CASE=NAME repeats it alone. WEIR_CRASH_SEEDS says how
// many times every point is drawn, WEIR_CRASH_RECOVERIES after how many cuts the recovery is cut in turn.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "sqlite/crash_record.h"
#include "support/captured_log.h"
#include "support/environment_number.h"

using namespace weir::testing;
using weir::repositories::sqlite::Synchronous;
using Promise = CrashRecord::Promise;

namespace {

std::string name_of(const Wreck& wreck) {
  return std::to_string(wreck.seed) + ":" + std::to_string(wreck.point);
}

/// The one power cut that is to be repeated; empty: all.
std::string wanted() {
  const char* name = std::getenv("WEIR_CRASH_CASE");
  return name == nullptr ? "" : name;
}

CrashPlan plan_for(Synchronous synchronous) {
  const bool is_full = synchronous == Synchronous::kFull;
  return {.synchronous = synchronous, .promise = is_full ? Promise::kAcknowledged : Promise::kSynced};
}

void judge(const CrashRecord& record, const Wreck& wreck) {
  const std::string name = name_of(wreck);
  CAPTURE(name);
  const std::string complaint = record.judge(wreck);
  CHECK(complaint == "");
}

void crash_everywhere(Synchronous synchronous) {
  const CapturedLog log;
  const int only = wanted().empty() ? 0 : std::stoi(wanted());
  const int seeds = std::max({1, only, environment_sample("WEIR_CRASH_SEEDS", 4)});
  int judged = 0;
  for (int seed = std::max(1, only); seed <= (only > 0 ? only : seeds); ++seed) {
    const CrashRecord record = record_crashes(plan_for(synchronous), static_cast<std::uint64_t>(seed));
    for (const Wreck& wreck : record.wrecks) {
      if (!wanted().empty() && name_of(wreck) != wanted()) continue;
      judge(record, wreck);
      ++judged;
    }
  }
  MESSAGE("power cuts: ", judged);
  CHECK(judged > 0);
}

/// What weir finds in a wreck is where it goes on from; there the power is lost again at every point.
int crash_while_recovering(const CrashRecord& first, const Wreck& wreck, Synchronous synchronous) {
  CrashPlan plan = plan_for(synchronous);
  plan.live = &CrashLife::go_on;
  plan.disk = wreck.disk;
  plan.must_hold = wreck.must_hold < 0 ? -1 : 0;
  const std::string first_cut = name_of(wreck);
  CAPTURE(first_cut);
  const CrashRecord second = record_crashes(plan, wreck.seed);
  CHECK(std::ranges::find(first.states, second.states.front()) != first.states.end());
  for (const Wreck& again : second.wrecks) judge(second, again);
  return static_cast<int>(second.wrecks.size());
}

void crash_recoveries(Synchronous synchronous) {
  const CapturedLog log;
  const CrashRecord first = record_crashes(plan_for(synchronous), 1);
  const auto recoveries = static_cast<std::size_t>(environment_sample("WEIR_CRASH_RECOVERIES", 30));
  const std::size_t step =
      std::max<std::size_t>(1, first.wrecks.size() / std::max<std::size_t>(1, recoveries));
  int judged = 0;
  for (std::size_t i = 0; i < first.wrecks.size(); i += step) {
    judged += crash_while_recovering(first, first.wrecks[i], synchronous);
  }
  MESSAGE("power cuts during recovery: ", judged);
  CHECK(judged > 0);
}

}  // namespace

TEST_CASE("crash: with synchronous full every acknowledgement survives a power cut at any point") {
  crash_everywhere(Synchronous::kFull);
}

TEST_CASE(
    "crash: with synchronous normal a power cut loses the last commits only, and none that was synced") {
  crash_everywhere(Synchronous::kNormal);
}

TEST_CASE("crash: a power cut during the recovery from one loses nothing more, with synchronous full") {
  crash_recoveries(Synchronous::kFull);
}

TEST_CASE("crash: a power cut during the recovery from one loses nothing more, with synchronous normal") {
  crash_recoveries(Synchronous::kNormal);
}

TEST_CASE("crash: what synchronous normal loses would be noticed, were it promised") {
  const CapturedLog log;
  const CrashRecord record =
      record_crashes({.synchronous = Synchronous::kNormal, .promise = Promise::kAcknowledged}, 1);
  const auto lost = std::ranges::count_if(
      record.wrecks, [&](const Wreck& wreck) { return record.judge(wreck).starts_with("it holds commit"); });
  CHECK(lost > 20);
}
