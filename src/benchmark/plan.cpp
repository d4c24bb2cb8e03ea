#include "weir/benchmark/plan.h"

#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "weir/benchmark/child.h"
#include "weir/benchmark/slow_sync_vfs.h"

namespace weir::benchmark {
namespace {

namespace fs = std::filesystem;

/// A folder beside the caller's files, because what is under /tmp may be memory and not a disk.
class Scratch {
 public:
  Scratch() {
    std::string name = "weir-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder here");
    path_ = fs::absolute(name);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  fs::path operator/(std::string_view name) const { return path_ / name; }

 private:
  fs::path path_;
};

/// SQLite's process-wide switches: to be set before its first use.
void set_switches(const LaneKind& lane) {
  if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, lane.has_memory_statistics ? 1 : 0) != SQLITE_OK) {
    throw std::logic_error("SQLite was in use before its switches were set");
  }
}

class Runner {
 public:
  explicit Runner(const Plan& plan) : plan_(plan), workload_(plan.size) {}

  Row run(const LaneKind& lane, const OperationInfo& operation, std::size_t threads, int round) {
    const fs::path database = scratch_ / "lane.db";
    fs::copy_file(filled(lane), database);
    const Measurement measured = run_in_child([&] {
      set_switches(lane);
      if (plan_.sync_delay.count() > 0) slow_down_syncs(plan_.sync_delay);
      const auto opened = lane.open({database.string(), plan_.synchronous, plan_.has_search}, workload_);
      const auto duration = std::chrono::duration_cast<std::chrono::nanoseconds>(plan_.seconds);
      return run_load(*opened, workload_, {operation.operation, threads, duration / 2, duration});
    });
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(database.string() + suffix);
    return {&lane, &operation, threads, round, measured};
  }

 private:
  /// The database that lanes of this schema start from, filled when it is first asked for.
  const fs::path& filled(const LaneKind& lane) {
    auto [entry, is_new] = filled_.try_emplace(lane.schema, scratch_ / (std::string(lane.schema) + ".db"));
    if (is_new) {
      run_in_child([&] {
        set_switches(lane);
        lane.fill(entry->second.string(), workload_);
        return Measurement{};
      });
    }
    return entry->second;
  }

  const Plan& plan_;
  const Workload workload_;
  const Scratch scratch_;
  std::map<std::string_view, fs::path> filled_;
};

}  // namespace

std::vector<Row> run_plan(const Plan& plan, const std::function<void(const Row&)>& on_row) {
  Runner runner(plan);
  std::vector<Row> rows;
  for (int round = 1; round <= plan.rounds; ++round) {
    for (const OperationInfo* operation : plan.operations) {
      const auto threads = plan.threads.empty() ? std::vector{operation->threads} : plan.threads;
      for (const std::size_t count : threads) {
        for (const LaneKind* lane : plan.lanes) {
          rows.push_back(runner.run(*lane, *operation, count, round));
          on_row(rows.back());
        }
      }
    }
  }
  return rows;
}

}  // namespace weir::benchmark
