// The disk that fails on demand does as it is told.

#include "sqlite/faulty_vfs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <latch>
#include <set>
#include <string>
#include <vector>

#include "sqlite/disk_image.h"
#include "sqlite/plain_database.h"
#include "support/scratch_directory.h"
#include "support/threads.h"

using namespace weir::testing;

namespace {

/// A database behind the disk that fails.
struct Behind {
  explicit Behind(const std::string& path) {
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    REQUIRE(run("PRAGMA journal_mode = WAL; CREATE TABLE t(x)") == SQLITE_OK);
  }
  ~Behind() { sqlite3_close(db); }

  int run(const std::string& sql) {
    const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? code : sqlite3_extended_errcode(db);
  }

  sqlite3* db = nullptr;
};

struct Rig {
  ScratchDirectory folder;
  std::string path = folder / "x.db";
  FaultyVfs vfs;
  Behind database{path};
};

constexpr const char* kInsert = "INSERT INTO t VALUES (1)";

}  // namespace

TEST_CASE("faulty vfs: a fault comes after so many calls of its kind, so many times") {
  Rig rig;
  rig.vfs.arm({.call = VfsCall::kWrite, .code = SQLITE_IOERR_WRITE, .times = 2, .after = 1});
  CHECK(rig.database.run(kInsert) == SQLITE_IOERR_WRITE);
  CHECK(rig.database.run(kInsert) == SQLITE_IOERR_WRITE);
  CHECK(rig.database.run(kInsert) == SQLITE_OK);
  CHECK(rig.vfs.failed() == 2);
}

TEST_CASE("faulty vfs: a fault for good stays until it is disarmed") {
  Rig rig;
  rig.vfs.arm({.call = VfsCall::kWrite, .code = SQLITE_FULL, .times = Fault::kForGood});
  for (int i = 0; i < 5; ++i) CHECK(rig.database.run(kInsert) == SQLITE_FULL);
  rig.vfs.disarm(VfsCall::kWrite);
  CHECK(rig.database.run(kInsert) == SQLITE_OK);
}

TEST_CASE("faulty vfs: a fault of no kind takes whichever call comes, and stays with its kind") {
  Rig rig;
  rig.vfs.plan().record();
  CHECK(rig.database.run(kInsert) == SQLITE_OK);
  const std::vector<VfsCall> calls = rig.vfs.plan().recorded();
  const auto write = std::ranges::find(calls, VfsCall::kWrite);
  REQUIRE(write != calls.end());
  rig.vfs.arm({.call = std::nullopt,
               .code = SQLITE_IOERR_WRITE,
               .times = Fault::kForGood,
               .after = static_cast<int>(write - calls.begin())});
  CHECK(rig.database.run(kInsert) == SQLITE_IOERR_WRITE);
  CHECK(rig.database.run(kInsert) == SQLITE_IOERR_WRITE);
}

TEST_CASE("faulty vfs: of a write that fails half way, half is in the file") {
  Rig rig;
  const auto log_size = [&] { return read_file(rig.path + "-wal").size(); };
  const auto before = log_size();
  // A frame is written in two: its head of 24 bytes, then the page.
  rig.vfs.arm(
      {.call = VfsCall::kWrite, .code = SQLITE_FULL, .after = 1, .extent = VfsVerdict::Extent::kHalf});
  CHECK(rig.database.run(kInsert) == SQLITE_FULL);
  CHECK(log_size() == before + 24 + 4096 / 2);
}

// test    arms a pause ....... sees the write waiting, and no row ... lets it go
// writer            writes, is held up                                            returns
TEST_CASE("faulty vfs: a call can be held up until the test lets it go") {
  Rig rig;
  std::latch reached(1);
  std::latch let_go(1);
  rig.vfs.arm({.call = VfsCall::kWrite, .code = SQLITE_OK, .meanwhile = [&] {
                 reached.count_down();
                 let_go.wait();
               }});
  Threads threads;
  int code = -1;
  threads.start([&] { code = rig.database.run(kInsert); });
  reached.wait();
  CHECK(PlainDatabase(rig.path).ask("SELECT count(*) FROM t") == "0\n");
  let_go.count_down();
  threads.join();
  CHECK(code == SQLITE_OK);
  CHECK(PlainDatabase(rig.path).ask("SELECT count(*) FROM t") == "1\n");
}

TEST_CASE("power loss: of what was not synced some is left, some is torn, and some is lost") {
  using Kind = PendingChange::Kind;
  DiskImage synced;
  synced.apply({Kind::kWrite, "f", 0, std::string(4096, 's')});
  const std::vector<PendingChange> pending = {{Kind::kWrite, "f", 4096, std::string(4096, 'a')},
                                              {Kind::kWrite, "f", 8192, std::string(4096, 'b')}};
  std::set<std::string> outcomes;
  bool is_reordered = false;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string left = PowerLoss(seed).strike(synced, pending).files().at("f");
    CHECK(left.starts_with(std::string(4096, 's')));
    outcomes.insert(left);
    is_reordered |= left == std::string(4096, 's') + std::string(4096, '\0') + std::string(4096, 'b');
  }
  CHECK(outcomes.size() > 50);
  CHECK(outcomes.contains(std::string(4096, 's')));
  CHECK(outcomes.contains(std::string(4096, 's') + std::string(4096, 'a') + std::string(4096, 'b')));
  CHECK(is_reordered);
}
