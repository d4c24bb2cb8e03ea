// How the write-ahead log is copied back beside the callers, and kept bounded (invariants I2, I11).

#include <doctest/doctest.h>

#include <sqlite3.h>
#include <filesystem>

#include <algorithm>
#include <atomic>
#include <memory>

#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/error_of.h"
#include "support/manual_clock.h"
#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/repositories/file_id.h"
#include "weir/repositories/sqlite/checkpoint.h"
#include "weir/repositories/sqlite/initialize.h"
#include "weir/repositories/sqlite/transaction.h"
#include "weir/repositories/write_ticket.h"

using namespace weir::history;
using namespace weir::repositories;
using namespace weir::repositories::sqlite;
using namespace weir::testing;
using namespace std::chrono_literals;

namespace {

struct CheckpointRig {
  CheckpointRig() {
    options.path = files.options.path;
    options.sqlite.checkpoint_pages = 60;
    options.sqlite.wal_autocheckpoint = 20;
  }

  void open() {
    repo = std::make_unique<PooledSqlRepo>(options, Environment{clock, observer, 1});
    repo->open();
  }
  void append(int count = 1) {
    for (int i = 0; i < count; ++i) repo->add_event(user_says("c", std::string(1000, 'x')));
  }
  std::size_t checkpoints() const {
    return observer.checkpoints_complete + observer.checkpoints_partial + observer.checkpoints_failed;
  }
  void append_until_checkpoint() {
    const std::size_t before = checkpoints();
    // Each append writes some pages, so this ends whether or not the thread is quick.
    for (int i = 0; i < 200 && checkpoints() == before; ++i) append();
    spin_until([&] { return checkpoints() > before; });
  }
  std::uint64_t log_bytes() const { return repo->stats().wal_bytes; }
  /// A reader from outside the pools, which keeps whatever it has seen.
  std::unique_ptr<Connection> reader() {
    auto connection =
        std::make_unique<Connection>(options.path, ConnectionRole::kReader, options.sqlite, clock);
    connection->execute("BEGIN; SELECT count(*) FROM events");
    return connection;
  }

  RepositoryRig files;
  const CapturedLog log;
  ManualClock clock;
  CountingObserver observer;
  RepositoryOptions options{.upkeep = weir::repositories::sqlite::Upkeep::kNone};
  std::unique_ptr<PooledSqlRepo> repo;
};

}  // namespace

TEST_CASE("checkpoint: after checkpoint_pages the log is copied back, and the next write begins it anew") {
  CheckpointRig rig;
  rig.open();
  rig.append_until_checkpoint();
  CHECK(rig.observer.checkpoints_complete == 1);
  CHECK(rig.observer.checkpoints_partial == 0);
  const std::uint64_t bytes = rig.log_bytes();
  rig.append(5);
  CHECK(rig.log_bytes() == bytes);  // written over from its beginning
}

TEST_CASE("checkpoint: a log that stops growing is copied back and cut, once it is worth it") {
  CheckpointRig rig;
  rig.options.sqlite.checkpoint_pages = 1'000'000;
  rig.open();
  rig.append(2);
  CHECK(rig.log_bytes() > 0);
  rig.clock.advance(Checkpointer::kIdle * 3);
  rig.append(10);  // past wal_autocheckpoint pages: from here on it is watched
  CHECK(rig.checkpoints() == 0);
  // Looks come kIdle apart, the first one when it is woken.
  spin_until([&] {
    rig.clock.advance(Checkpointer::kIdle);
    return rig.observer.checkpoints_complete > 0;
  });
  CHECK(rig.log_bytes() == 0);
  CHECK(rig.repo->events({ConversationId("c")}).size() == 12);
}

TEST_CASE("checkpoint: a log whose database was taken away is not copied, and that is told") {
  CheckpointRig rig;
  rig.options.sqlite.checkpoint_pages = 1'000'000;
  rig.options.pool.health_check_interval = Seconds(1e6);
  rig.open();
  rig.append(12);
  std::filesystem::remove(rig.options.path);
  spin_until([&] {
    rig.clock.advance(Checkpointer::kIdle);
    return rig.checkpoints() > 0;
  });
  CHECK(rig.observer.checkpoints_failed == rig.checkpoints());
  CHECK(rig.repo->health().status == RepositoryHealth::Status::kFailed);
}

// checkpointer   is due ── wants the ticket ...................... has it ── copies
// test           holds the ticket ── sees it wait ── lets it go
TEST_CASE("checkpoint: it waits for the write ticket, so that no commit runs beside it") {
  CheckpointRig rig;
  rig.options.sqlite.checkpoint_pages = 1'000'000;
  rig.open();
  rig.append(12);
  const auto ticket = write_ticket_of(look_at(rig.options.path)->id, rig.options.path, rig.clock);
  {
    const TimePoint now = rig.clock.now();
    const auto hold = ticket->take({Operation::kAddEvent, now, now + 1h}, 10);
    spin_until([&] {
      rig.clock.advance(Checkpointer::kIdle);
      return ticket->waiters() == 1;
    });
    CHECK(rig.observer.checkpoints_complete + rig.observer.checkpoints_partial == 0);
    CHECK(rig.log_bytes() > 0);
  }
  spin_until([&] {
    rig.clock.advance(Checkpointer::kIdle);
    return rig.log_bytes() == 0;
  });
}

TEST_CASE("checkpoint: a ticket that is never free puts it off, said and counted, and it is tried again") {
  CheckpointRig rig;
  rig.options.sqlite.checkpoint_pages = 1'000'000;
  rig.open();
  rig.append(12);
  const auto ticket = write_ticket_of(look_at(rig.options.path)->id, rig.options.path, rig.clock);
  {
    const TimePoint now = rig.clock.now();
    const auto hold = ticket->take({Operation::kAddEvent, now, now + 24h}, 10);
    spin_until([&] {
      rig.clock.advance(1s);
      return rig.observer.checkpoints_failed > 0;
    });
  }
  spin_until([&] {
    rig.clock.advance(1s);
    return rig.observer.checkpoints_complete > 0;
  });
  rig.repo.reset();  // nobody logs any more
  CHECK(std::ranges::any_of(rig.log.lines(), [](const std::string& line) {
    return line.starts_with("warning: checkpoint: put off: ");
  }));
}

TEST_CASE("checkpoint: a reader in the way makes it partial; the rest is copied once the reader has gone") {
  CheckpointRig rig;
  rig.open();
  rig.append(3);
  auto reader = rig.reader();
  rig.append_until_checkpoint();
  CHECK(rig.observer.checkpoints_partial == 1);
  reader.reset();
  // Nobody writes any more, so in the end it is cut as well.
  spin_until([&] {
    rig.clock.advance(100ms);
    return rig.log_bytes() == 0 && rig.observer.checkpoints_complete > 0;
  });
}

TEST_CASE("checkpoint: the backstop moves up by what a reader keeps in the log, and back") {
  CheckpointRig rig;
  rig.open();
  rig.append(3);
  auto reader = rig.reader();
  rig.append(3);
  Database database(rig.options.path, rig.options.sqlite, rig.clock);
  database.prepare({Operation::kOpen, rig.clock.now(), TimePoint::max()}, 10);
  const auto writer = database.open(ConnectionRole::kWriter, TimePoint::max());
  SlowLog slow_log(rig.options.slow_log, rig.clock);
  const Checkpointer::Ports ports{
      .with_idle_writer = [&](const Call&, FunctionRef<void(Connection&)> work) { work(*writer); },
      .hold_readers = [](TimePoint) {},
      .slow_log = slow_log};
  Checkpointer checkpointer(database, rig.options, {rig.clock, rig.observer, 1}, ports);
  CHECK(checkpointer.backstop() == 80);  // checkpoint_pages + wal_autocheckpoint
  checkpointer.note_commit(60);
  spin_until([&] { return checkpointer.backstop() > 80; });
  reader.reset();
  spin_until([&] {
    rig.clock.advance(100ms);
    return checkpointer.backstop() == 80;
  });
}

// A foreign reader pins the log, so that every checkpoint is partial and the log grows to its limit.
TEST_CASE("checkpoint: from wal_limit on new readers are held, for a bounded time") {
  CheckpointRig rig;
  rig.options.sqlite.wal_limit = 1024 * 1024;
  rig.open();
  rig.append(3);
  auto reader = rig.reader();
  spin_until([&] {
    rig.append(10);
    return rig.observer.holds > 0 && rig.observer.checkpoints_partial > 0;
  });
  CHECK(rig.log_bytes() >= rig.options.sqlite.wal_limit);
  rig.clock.advance(Checkpointer::kGate);
  CHECK(rig.repo->events({.conversation_id = ConversationId("c"), .limit = 1}).size() == 1);
  reader.reset();
  spin_until([&] {
    rig.clock.advance(1s);
    return rig.log_bytes() == 0;
  });
}

TEST_CASE(
    "checkpoint: a read that keeps the log above its limit is interrupted at max_read_age, and only then") {
  RepositoryRig files;
  files.make<PooledSqlRepo>()->open();
  ManualClock clock;
  SqliteOptions options;
  options.max_read_age = Seconds(10.0);
  Connection connection(files.options.path, ConnectionRole::kReader, options, clock);
  std::atomic<bool> is_limited{false};
  connection.limit_age_while(is_limited);
  constexpr const char* kLong =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000)"
      " SELECT count(*) FROM n";
  connection.set_deadline(clock.now() + 1h);
  clock.advance(11s);
  CHECK_NOTHROW(connection.execute(kLong));
  is_limited = true;
  CHECK_THROWS_AS(connection.execute(kLong), SqliteError);
  CHECK(connection.was_too_old());
  connection.set_deadline(clock.now() + 1h);
  CHECK_FALSE(connection.was_too_old());
  clock.advance(9s);
  CHECK_NOTHROW(connection.execute(kLong));
}

TEST_CASE("initialize: says so when SQLite is in use already") {
  RepositoryRig files;
  files.make<PooledSqlRepo>()->open();
  CHECK_FALSE(weir::initialize());
}
