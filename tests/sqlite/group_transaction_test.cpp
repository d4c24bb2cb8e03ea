// What becomes of the members of a group when one of them fails, on a real file.

#include "weir/repositories/sqlite/group_transaction.h"

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "repositories/calls.h"
#include "repositories/exact_clock.h"
#include "sqlite/faulty_vfs.h"
#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/repositories/sqlite/reaction.h"

using namespace weir::history;
using namespace weir::testing;
using namespace weir::repositories::sqlite;
using weir::repositories::Call;
using weir::repositories::Duration;
using weir::repositories::Operation;
using weir::repositories::TimePoint;
using weir::repositories::WriteQueue;
using namespace std::chrono_literals;

namespace {

using Work = std::function<void(Connection&)>;

/// Long enough that SQLite looks at the deadline while it runs.
constexpr const char* kLongRead =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT max(i) FROM n";
constexpr const char* kLongWrite =
    "INSERT INTO noted "
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT 'long' || i FROM "
    "n";

/// A connection, a table of names beside the history, and calls that write to it in groups.
///
/// The test's own thread leads: what its work does is the timeline.
class Rig {
 public:
  Rig()
      : queue_("the write queue", {.max_time = std::chrono::hours{24}}, clock,
               [this](auto& group) { run(group); }) {
    files.make<PooledSqlRepo>()->open();
    connection = std::make_unique<Connection>(files.options.path, ConnectionRole::kWriter,
                                              files.options.sqlite, clock);
    connection->execute("CREATE TABLE noted(name TEXT UNIQUE)");
  }

  std::string submit(const Work& work, Duration patience = 1h) {
    clock.advance(1us);
    return submit_at(clock.now(), work, patience);
  }

  /// A call of another thread, which stands in line when this returns.
  void line_up(const std::string& name, const Work& work, Duration patience = 1h) {
    const std::size_t already = queue_.waiters();
    clock.advance(1us);
    threads_.start([this, name, work, patience, now = clock.now()] {
      const std::string outcome = submit_at(now, work, patience);
      const std::lock_guard lock(mutex_);
      outcomes_[name] = outcome;
    });
    spin_until([&] { return queue_.waiters() == already + 1; });
  }

  /// How the call did: `code: message`, or "no error".
  std::string outcome(const std::string& name) {
    threads_.join();
    return outcomes_[name];
  }

  /// Everything that is committed, in order, as another connection sees it.
  std::string noted() {
    threads_.join();
    SQLite::Database database(files.options.path);
    SQLite::Statement select(database,
                             "SELECT coalesce(group_concat(name, ' '), '') FROM noted ORDER BY rowid");
    select.executeStep();
    return select.getColumn(0).getString();
  }

  RepositoryRig files;
  FaultyVfs vfs;
  ExactClock clock;
  std::unique_ptr<Connection> connection;
  std::vector<std::size_t> committed;  ///< the size of each group that was; used by whoever leads

 private:
  std::string submit_at(TimePoint arrived, const Work& work, Duration patience) {
    const Call call{Operation::kAddEvent, arrived, arrived + patience};
    Write write(call, 1, work);
    try {
      return failure_of([&] { queue_.submit(write, 100); });
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  void run(WriteQueue::Group& group) {
    try {
      if (commit_group(*connection, group, clock)) committed.push_back(group.size());
    } catch (const SqliteError& error) {
      rethrow_translated(error);
    }
  }

  WriteQueue queue_;
  std::mutex mutex_;
  std::map<std::string, std::string> outcomes_;  // guarded by mutex_
  Threads threads_;
};

void note(Connection& connection, const std::string& name) {
  connection.execute(("INSERT INTO noted VALUES ('" + name + "')").c_str());
}

Work notes(const std::string& name) {
  return [name](Connection& connection) { note(connection, name); };
}

/// What the leader does in these tests: it counts its runs, and in the first lines the others up.
Work leads(int& runs, const std::function<void()>& line_up) {
  return [line_up, &runs](Connection& connection) {
    if (++runs == 1) line_up();
    note(connection, "a");
  };
}

}  // namespace

TEST_CASE("group: every member is stored by one transaction, in the order in which they were taken") {
  Rig rig;
  int runs = 0;
  CHECK(rig.submit(leads(runs, [&] {
    rig.line_up("b", notes("b"));
    rig.line_up("c", notes("c"));
  })) == "no error");
  CHECK(rig.noted() == "a b c");
  CHECK(rig.committed == std::vector<std::size_t>{3});
}

TEST_CASE("group: nothing of a member is seen before all are committed") {
  Rig rig;
  std::string seen = "not looked";
  int runs = 0;
  rig.submit(leads(runs, [&] {
    rig.line_up("b", [&](Connection&) {
      SQLite::Database other(rig.files.options.path);
      seen = other.execAndGet("SELECT count(*) FROM noted").getString();
    });
  }));
  CHECK(rig.noted() == "a");
  CHECK(seen == "0");
}

// a   leads, notes ....... runs b: it notes two, then fails ... rolls b back, runs c, commits
TEST_CASE(
    "group: a member that is refused, or meets an error of its own, leaves nothing; the others are stored") {
  const std::vector<std::pair<Work, std::string>> failures = {
      {[](Connection&) { throw Error(ErrorCode::kConflict, "taken"); }, "conflict: taken"},
      {[](Connection& connection) { note(connection, "a"); }, "conflict: "},
      {[](Connection&) { throw std::runtime_error("other"); }, "other"},
  };
  for (const auto& [fail, expected] : failures) {
    CAPTURE(expected);
    Rig rig;
    int runs = 0;
    std::string outcome;
    rig.submit(leads(runs, [&, &fail = fail] {
      rig.line_up("b", [&](Connection& connection) {
        note(connection, "b1");
        note(connection, "b2");
        fail(connection);
      });
      rig.line_up("c", notes("c"));
    }));
    CHECK(rig.noted() == "a c");
    CHECK(rig.outcome("b").starts_with(expected));
    CHECK(rig.outcome("c") == "no error");
    CHECK(rig.committed == std::vector<std::size_t>{2});
    CHECK(runs == 1);
  }
}

TEST_CASE("group: when every member fails nothing is committed, and the connection is free for the next") {
  Rig rig;
  const auto refuse = [](Connection& connection) {
    note(connection, "b");
    throw Error(ErrorCode::kConflict, "taken");
  };
  CHECK(rig.submit([&](Connection& connection) {
    rig.line_up("b", refuse);
    refuse(connection);
  }) == "conflict: taken");
  CHECK(rig.outcome("b") == "conflict: taken");
  CHECK(rig.committed.empty());
  CHECK(rig.submit(notes("c")) == "no error");
  CHECK(rig.noted() == "c");
}

// a   leads, 20 ms pass ........ takes b, runs it: no time is left, runs c, commits
// b         waits for 10 ms, has not looked                     is told
TEST_CASE("group: a member that is taken past its deadline is not run, and fails alone") {
  for (const bool has_company : {true, false}) {
    CAPTURE(has_company);
    Rig rig;
    int runs = 0;
    CHECK(rig.submit(leads(runs, [&] {
      rig.line_up("b", notes("b"), 10ms);
      if (has_company) rig.line_up("c", notes("c"));
      rig.clock.close_gate();
      rig.clock.advance(20ms);
    })) == "no error");
    rig.clock.open_gate();
    CHECK(rig.noted() == (has_company ? "a c" : "a"));
    CHECK(rig.outcome("b").starts_with("timeout: "));
    CHECK(rig.committed == std::vector<std::size_t>{has_company ? 2U : 1U});
    CHECK(runs == 1);
  }
}

// a   leads, notes .......... runs b: 20 ms pass, it is interrupted, all is rolled back ... leads again: a, c
// b         waits for 10 ms   is run                                    is told
// c         waits                                                  waits
TEST_CASE(
    "group: a write that is interrupted at its deadline takes the transaction with it, and nobody else") {
  Rig rig;
  int runs = 0;
  CHECK(rig.submit(leads(runs, [&] {
    rig.line_up(
        "b",
        [&](Connection& connection) {
          note(connection, "b");
          rig.clock.advance(20ms);
          connection.execute(kLongWrite);
        },
        10ms);
    rig.line_up("c", notes("c"));
  })) == "no error");
  CHECK(rig.noted() == "a c");
  CHECK(rig.outcome("b").starts_with("timeout: "));
  CHECK(rig.outcome("c") == "no error");
  CHECK(rig.committed == std::vector<std::size_t>{2});
  CHECK(runs == 2);
}

TEST_CASE("group: a read that is interrupted at its member's deadline leaves the transaction to the others") {
  Rig rig;
  int runs = 0;
  CHECK(rig.submit(leads(runs, [&] {
    rig.line_up(
        "b",
        [&](Connection& connection) {
          note(connection, "b");
          rig.clock.advance(20ms);
          connection.execute(kLongRead);
        },
        10ms);
    rig.line_up("c", notes("c"));
  })) == "no error");
  CHECK(rig.noted() == "a c");
  CHECK(rig.outcome("b").starts_with("timeout: "));
  CHECK(runs == 1);
}

// a   leads, for 10 ms ....... runs b: 20 ms pass, it goes on ... commits
// b         waits for an hour
TEST_CASE("group: a member runs under its own deadline, and nobody misses the commit for another's") {
  Rig rig;
  int runs = 0;
  CHECK(rig.submit(leads(runs,
                         [&] {
                           rig.line_up("b", [&](Connection& connection) {
                             rig.clock.advance(20ms);
                             connection.execute(kLongRead);
                             note(connection, "b");
                           });
                         }),
                   10ms) == "no error");
  CHECK(rig.noted() == "a b");
  CHECK(rig.committed == std::vector<std::size_t>{2});
}

TEST_CASE("group: the last member's deadline does not keep the others from being committed") {
  Rig rig;
  int runs = 0;
  CHECK(rig.submit(leads(runs, [&] {
    rig.line_up(
        "b",
        [&](Connection& connection) {
          note(connection, "b");
          rig.clock.advance(20ms);
        },
        10ms);
  })) == "no error");
  CHECK(rig.noted() == "a b");
  CHECK(rig.outcome("b") == "no error");
}

TEST_CASE("group: what everybody's deadline has passed for is not committed any more") {
  Rig rig;
  CHECK(rig.submit(
               [&](Connection& connection) {
                 note(connection, "a");
                 rig.clock.advance(20ms);
               },
               10ms)
            .starts_with("timeout: "));
  CHECK(rig.noted().empty());
  CHECK(rig.submit(notes("c")) == "no error");
  CHECK(rig.noted() == "c");
}

// a   leads, notes ....... runs b: SQLite gives the transaction up, b says something else ... leads again: a,
// c
TEST_CASE("group: the transaction may be lost whatever a member throws, and then the others are run again") {
  Rig rig;
  int runs = 0;
  CHECK(rig.submit(leads(runs, [&] {
    rig.line_up("b", [&](Connection& connection) {
      note(connection, "b");
      connection.execute("ROLLBACK");
      throw Error(ErrorCode::kConflict, "taken");
    });
    rig.line_up("c", notes("c"));
  })) == "no error");
  CHECK(rig.noted() == "a c");
  CHECK(rig.outcome("b") == "conflict: taken");
  CHECK(rig.outcome("c") == "no error");
  CHECK(runs == 2);
}

// As when the disk fails under a page that is not in memory.
TEST_CASE(
    "group: an I/O error ends the transaction; its member alone hears of it, the others are run again") {
  Rig rig;
  SQLite::Database(rig.files.options.path, SQLite::OPEN_READWRITE)
      .exec("CREATE TABLE cold(bytes BLOB); INSERT INTO cold VALUES (zeroblob(9000)), (zeroblob(9000))");
  int runs = 0;
  CHECK(rig.submit(leads(runs, [&] {
    rig.line_up("b", [&](Connection& connection) {
      note(connection, "b");
      rig.vfs.arm({VfsCall::kRead, SQLITE_IOERR_READ, 1});
      connection.execute("SELECT count(*) FROM cold");
    });
    rig.line_up("c", notes("c"));
  })) == "no error");
  CHECK(rig.vfs.failed() == 1);
  CHECK(rig.noted() == "a c");
  CHECK(rig.outcome("b").starts_with("unavailable: "));
  CHECK(rig.outcome("c") == "no error");
  CHECK(runs == 2);
}

// A member larger than the page cache writes to the disk before COMMIT.
TEST_CASE("group: a disk that is full at a member refuses that one; the others are stored once") {
  Rig rig;
  rig.connection->execute("PRAGMA cache_size = 5; CREATE TABLE large(bytes BLOB)");
  int runs = 0;
  CHECK(rig.submit(leads(runs, [&] {
    rig.line_up("b", [&](Connection& connection) {
      note(connection, "b");
      rig.vfs.arm({VfsCall::kWrite, SQLITE_FULL, 1});
      for (int i = 0; i < 100; ++i) connection.execute("INSERT INTO large VALUES (zeroblob(4000))");
    });
    rig.line_up("c", notes("c"));
  })) == "no error");
  CHECK(rig.vfs.failed() == 1);
  CHECK(rig.noted() == "a c");
  CHECK(rig.outcome("b").starts_with("storage_full: "));
  CHECK(rig.outcome("c") == "no error");
}
