#include "sqlite/crash_record.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "sqlite/plain_database.h"
#include "support/scratch_directory.h"
#include "weir/repositories/sqlite/schema.h"

namespace weir::testing {
namespace {

constexpr const char* kName = "history.db";

/// A folder with the files of a disk in it.
class Mounted {
 public:
  explicit Mounted(const DiskImage& disk) { disk.write_to(folder_ / ""); }

  std::string path() const { return folder_ / kName; }

 private:
  ScratchDirectory folder_{ScratchDirectory::Medium::kMemory};
};

bool is_migrated(PlainDatabase& database) {
  return std::stoi(database.ask("PRAGMA user_version")) == repositories::sqlite::newest_schema_version();
}

/// All that the database holds; absent when it has not got its schema yet. Throws when it cannot be read.
std::optional<std::string> found_in(const std::string& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  PlainDatabase database(path);
  const std::string verdict = database.integrity();
  if (verdict != "ok") throw std::runtime_error("integrity: " + verdict);
  if (!is_migrated(database)) return std::nullopt;
  return database.dump();
}

/// The states of a life that nothing disturbs.
std::vector<std::string> states_of(const CrashPlan& plan) {
  const Mounted disk(plan.disk);
  std::vector<std::string> states;
  CrashLife life(disk.path(), plan.synchronous);
  (life.*plan.live)([&] { states.push_back(PlainDatabase(disk.path()).dump()); });
  return states;
}

std::vector<Wreck> wrecks_of(const CrashPlan& plan, std::uint64_t seed) {
  const Mounted disk(plan.disk);
  std::vector<Wreck> wrecks;
  CrashLife life(disk.path(), plan.synchronous);
  int synced = plan.must_hold;
  CrashDisk crash_disk(plan.disk, [&](const CrashDisk::Moment& moment) {
    const int acknowledged = std::max(life.acknowledged(), plan.must_hold);
    if (moment.call == VfsCall::kSync && moment.file.ends_with("-wal")) synced = acknowledged;
    const bool is_acknowledged = plan.promise == CrashRecord::Promise::kAcknowledged;
    const int point = static_cast<int>(wrecks.size());
    PowerLoss power(seed * 1'000'003 + static_cast<std::uint64_t>(point));
    wrecks.push_back({seed, point, power.strike(moment.synced, moment.pending),
                      is_acknowledged ? acknowledged : synced, std::max(life.begun(), plan.must_hold)});
  });
  (life.*plan.live)({});
  return wrecks;
}

}  // namespace

std::string CrashRecord::judge(const Wreck& wreck) const {
  const Mounted disk(wreck.disk);
  try {
    const auto found = found_in(disk.path());
    if (!found) return wreck.must_hold < 0 ? "" : "the database is gone, and its making was acknowledged";
    const auto begin = states.begin();
    const auto state = std::find(begin + std::max(wreck.must_hold, 0), begin + wreck.may_hold + 1, *found);
    if (state <= begin + wreck.may_hold) return "";
    const auto other = std::find(begin, states.end(), *found);
    return "it holds " +
           (other == states.end() ? "what was never committed" : "commit " + std::to_string(other - begin)) +
           " and was to hold " + std::to_string(wreck.must_hold) + " to " + std::to_string(wreck.may_hold);
  } catch (const std::exception& error) {
    return error.what();
  }
}

CrashRecord record_crashes(const CrashPlan& plan, std::uint64_t seed) {
  return {states_of(plan), wrecks_of(plan, seed)};
}

}  // namespace weir::testing
