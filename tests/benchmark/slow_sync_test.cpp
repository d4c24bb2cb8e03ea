#include <doctest/doctest.h>

#include <string>

#include "benchmark/in_child.h"
#include "support/scratch_directory.h"
#include "weir/benchmark/c_api.h"
#include "weir/benchmark/lanes.h"
#include "weir/benchmark/slow_sync_vfs.h"

using namespace weir::benchmark;
using namespace std::chrono_literals;
using weir::repositories::sqlite::Synchronous;
using weir::testing::holds_in_child;
using weir::testing::ScratchDirectory;

namespace {

constexpr int kCreate = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
constexpr std::int64_t kRows = 2'000;

void write_rows(const std::string& path, const std::string& journal_mode) {
  CDatabase database(path, kCreate);
  database.execute("PRAGMA journal_mode = " + journal_mode + "; PRAGMA synchronous = FULL");
  database.execute("CREATE TABLE line(number INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  CStatement insert(database, "INSERT INTO line(text) VALUES (?1)");
  database.execute("BEGIN");
  for (std::int64_t i = 0; i < kRows; ++i) insert.bind(1, "line " + std::to_string(i)).run();
  database.execute("COMMIT");
}

std::string first_answer(CDatabase& database, const char* sql) {
  CStatement statement(database, sql);
  return statement.step() ? std::string(statement.text(0)) : "";
}

bool is_as_written(const std::string& path) {
  CDatabase database(path, SQLITE_OPEN_READWRITE);
  return first_answer(database, "PRAGMA integrity_check") == "ok" &&
         first_answer(database, "SELECT count(*) FROM line") == std::to_string(kRows) &&
         first_answer(database, "SELECT text FROM line WHERE number = 2000") == "line 1999";
}

}  // namespace

TEST_CASE("slow sync: what is written under it is read under it, whatever kind of log there is") {
  const ScratchDirectory scratch;
  CHECK(holds_in_child([&] {
    slow_down_syncs(1us);
    for (const char* mode : {"WAL", "DELETE", "TRUNCATE"}) {
      const std::string path = scratch / mode;
      write_rows(path, mode);
      if (!is_as_written(path)) return false;
    }
    return true;
  }));
}

TEST_CASE("slow sync: what was written under it is read without it, and the other way round") {
  const ScratchDirectory scratch;
  const std::string path = scratch / "slow.db";
  CHECK(holds_in_child([&] {
    slow_down_syncs(1us);
    write_rows(path, "WAL");
    return true;
  }));
  CHECK(holds_in_child([&] { return is_as_written(path); }));
  CHECK(holds_in_child([&] {
    slow_down_syncs(1us);
    return is_as_written(path);
  }));
}

TEST_CASE("slow sync: every lane appends and reads under it") {
  const Workload workload({100, 2});
  for (const LaneKind& kind : all_lanes()) {
    CAPTURE(std::string(kind.name));
    const ScratchDirectory scratch;
    const std::string path = scratch / "lane.db";
    CHECK(holds_in_child([&] {
      slow_down_syncs(1us);
      kind.fill(path, workload);
      const auto lane = kind.open({path, Synchronous::kFull}, workload);
      const auto session = lane->session();
      return session->append(workload.sample(100)) && session->recent_50(0) && session->recent_50(1);
    }));
  }
}
