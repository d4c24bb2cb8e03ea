// What a failing disk does to a call, to its connection, and to the calls after it.

#include <doctest/doctest.h>

#include "sqlite/faulty_vfs.h"
#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/error_of.h"
#include "support/manual_clock.h"
#include "support/repository_rig.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::Replaced;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using weir::repositories::sqlite::Synchronous;
using namespace std::chrono_literals;

namespace {

const ConversationId kConversation("c");

/// A repository on a database with two events, opened while the VFS stands between; nothing of the events is
/// cached.
template <class Repo>
struct FaultyRig {
  FaultyRig() {
    options.path = files.options.path;
    options.sqlite.synchronous = Synchronous::kFull;
    files.make<Repo>()->add_events({user_says("c", "1"), user_says("c", "2")});
    repo = std::make_unique<Repo>(options, weir::repositories::sqlite::Environment{clock, observer, 1});
    repo->open();
  }

  RepositoryRig files;
  const CapturedLog log;
  FaultyVfs vfs;
  ManualClock clock{Sleeping::kAdvances};
  CountingObserver observer;
  weir::repositories::sqlite::RepositoryOptions options{.upkeep = weir::repositories::sqlite::Upkeep::kNone};
  std::unique_ptr<ChatRepository> repo;
};

}  // namespace

TEST_CASE(
    "failure: a reader whose disk fails is replaced at once, and the next read is served by a new one") {
  FaultyRig<PooledSqlRepo> rig;
  rig.vfs.arm({VfsCall::kRead, SQLITE_IOERR_READ, 1});
  CHECK(error_of([&] { rig.repo->events({kConversation}); }).code() == ErrorCode::kUnavailable);
  CHECK(rig.observer.replaced(Replaced::kFailed) == 1);
  CHECK(rig.repo->events({kConversation}).size() == 2);
  CHECK(rig.repo->stats().connection_errors == 1);
  CHECK(rig.clock.sleeps().empty());
}

TEST_CASE_TEMPLATE(
    "failure: a failed COMMIT is of unknown outcome, and repeating it with its request id tells", Repo,
    PooledSqlRepo) {
  FaultyRig<Repo> rig;
  rig.vfs.arm({VfsCall::kSync, SQLITE_IOERR_FSYNC, 1});
  const NewEvent event = with_request(user_says("c", "3"), "r");
  CHECK(error_of([&] { rig.repo->add_event(event); }).code() == ErrorCode::kUnknownOutcome);
  const Event stored = rig.repo->add_event(event).event;
  CHECK(stored.seq == 3);
  CHECK(rig.repo->add_event(event).duplicate);
  CHECK(rig.repo->events({kConversation}).size() == 3);
}

TEST_CASE_TEMPLATE("failure: a full disk refuses the write, keeps the connection, and heals by itself", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  FaultyRig<Repo> rig;
  const std::string large(200'000, 'x');
  rig.vfs.arm({VfsCall::kWrite, SQLITE_FULL, 1});
  CHECK(error_of([&] { rig.repo->add_event(user_says("c", large)); }).code() == ErrorCode::kStorageFull);
  CHECK(rig.repo->events({kConversation}).size() == 2);
  CHECK(rig.repo->add_event(user_says("c", large)).event.seq == 3);
  CHECK(rig.observer.replaced(Replaced::kFailed) == 0);
}

TEST_CASE(
    "failure: the legacy repository waits 2, 4 and 8 seconds to reconnect, then gives up for this call") {
  FaultyRig<AsyncSqlRepo> rig;
  rig.vfs.arm({VfsCall::kRead, SQLITE_IOERR_READ, 1});
  rig.vfs.arm({VfsCall::kOpen, SQLITE_CANTOPEN, 3});
  CHECK(error_of([&] { rig.repo->events({kConversation}); }).code() == ErrorCode::kUnavailable);
  CHECK(rig.clock.sleeps() == std::vector<ManualClock::Duration>{2s, 4s, 8s});
  CHECK(rig.repo->events({kConversation}).size() == 2);
}

TEST_CASE("failure: the legacy repository repeats a read after it has reconnected, at most twice") {
  FaultyRig<AsyncSqlRepo> rig;
  rig.vfs.arm({VfsCall::kRead, SQLITE_IOERR_READ, 1});
  CHECK(rig.repo->events({kConversation}).size() == 2);
  CHECK(rig.clock.sleeps() == std::vector<ManualClock::Duration>{2s});
}

TEST_CASE("failure: the legacy repository repeats a write with a request id, and never one without") {
  FaultyRig<AsyncSqlRepo> rig;
  rig.vfs.arm({VfsCall::kSync, SQLITE_IOERR_FSYNC, 1});
  CHECK(rig.repo->add_event(with_request(user_says("c", "3"), "r")).event.seq == 3);
  rig.vfs.arm({VfsCall::kSync, SQLITE_IOERR_FSYNC, 1});
  CHECK(error_of([&] { rig.repo->add_event(user_says("c", "4")); }).code() == ErrorCode::kUnknownOutcome);
  // Unknown is unknown: here the log is recovered when the connection is opened anew, and holds the event.
  CHECK(rig.repo->events({kConversation}).size() == 4);
}

TEST_CASE("failure: a write of unknown outcome is called that, whatever becomes of its repetition") {
  FaultyRig<AsyncSqlRepo> rig;
  rig.vfs.arm({VfsCall::kSync, SQLITE_IOERR_FSYNC, 1});
  const NewEvent event = with_request(user_says("c", "3"), "r");
  CHECK(error_of([&] { rig.repo->add_event(event, {.timeout = 1s}); }).code() == ErrorCode::kUnknownOutcome);
}

TEST_CASE_TEMPLATE("failure: a file that cannot be prepared is tried again by the next call", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  for (const int code : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_NOMEM}) {
    CAPTURE(code);
    RepositoryRig files;
    const CapturedLog log;
    FaultyVfs vfs;
    ManualClock clock{Sleeping::kAdvances};
    CountingObserver observer;
    Repo repo(files.options, {clock, observer, 1});
    vfs.arm({VfsCall::kWrite, code, 1000});
    CHECK_THROWS_AS(repo.add_event(user_says("c", "1")), Error);
    vfs.disarm(VfsCall::kWrite);
    CHECK(repo.add_event(user_says("c", "1")).event.seq == 1);
    CHECK(repo.health().status == RepositoryHealth::Status::kOk);
  }
}

// Found by the sweep: the call heard kUnknownOutcome, though nothing of it had been begun.
TEST_CASE_TEMPLATE(
    "failure: when the COMMIT of a migration fails, nothing of the call is stored, and it hears so", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig files;
  const CapturedLog log;
  FaultyVfs vfs;
  ManualClock clock{Sleeping::kAdvances};
  CountingObserver observer;
  files.options.sqlite.synchronous = Synchronous::kFull;
  Repo repo(files.options, {clock, observer, 1});
  vfs.arm({.call = VfsCall::kSync, .code = SQLITE_IOERR_FSYNC, .times = Fault::kForGood});
  CHECK(error_of([&] { repo.add_event(user_says("c", "1")); }).code() == ErrorCode::kUnavailable);
  vfs.disarm();
  CHECK(repo.add_event(user_says("c", "1")).event.seq == 1);
}

// Found by the sweep: the legacy repository opened the file anew, found what the failed COMMIT had left in
// the log, and called it stored, though no sync had ever brought it to the disk.
TEST_CASE("failure: what a failed COMMIT left is not acknowledged before the log has been synced") {
  FaultyRig<AsyncSqlRepo> rig;
  const NewEvent event = with_request(user_says("c", "3"), "r");
  rig.repo->add_event(user_says("c", "before"));
  rig.vfs.arm({.call = VfsCall::kSync, .code = SQLITE_IOERR_FSYNC, .times = Fault::kForGood});
  CHECK(error_of([&] { rig.repo->add_event(event); }).code() == ErrorCode::kUnknownOutcome);
  CHECK(error_of([&] { rig.repo->add_event(event); }).code() == ErrorCode::kUnavailable);
  rig.vfs.disarm();
  CHECK(rig.repo->add_event(event).duplicate);
}

// As after a kill: what the log holds may never have been synced, and a repeated request would be told it is
// stored.
TEST_CASE_TEMPLATE("failure: with synchronous full a repository begins by syncing the log that it finds",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  FaultyRig<Repo> rig;
  PooledSqlRepo other(rig.files.options, rig.files.environment());
  other.add_event(user_says("c", "3"));
  Repo repo(rig.options, {rig.clock, rig.observer, 2});
  rig.vfs.arm({.call = VfsCall::kSync, .code = SQLITE_IOERR_FSYNC, .times = Fault::kForGood});
  CHECK(error_of([&] { repo.open(); }).code() == ErrorCode::kUnavailable);
  rig.vfs.disarm();
  CHECK(repo.events({kConversation}).size() == 3);
}

TEST_CASE("failure: the legacy repository reconnects within the caller's deadline only") {
  FaultyRig<AsyncSqlRepo> rig;
  rig.vfs.arm({VfsCall::kRead, SQLITE_IOERR_READ, 1});
  CHECK(error_of([&] { rig.repo->events({kConversation}, {.timeout = 1s}); }).code() == ErrorCode::kTimeout);
  CHECK(rig.clock.sleeps().empty());
  CHECK(rig.repo->events({kConversation}).size() == 2);
}

TEST_CASE_TEMPLATE("failure: a damaged file refuses writes from then on and says so, the file is kept", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  FaultyRig<Repo> rig;
  rig.vfs.arm({VfsCall::kRead, SQLITE_CORRUPT, 1});
  CHECK(error_of([&] { rig.repo->events({kConversation}); }).code() == ErrorCode::kDamaged);
  CHECK(error_of([&] { rig.repo->add_event(user_says("c", "3")); }).code() == ErrorCode::kDamaged);
  CHECK(rig.repo->health().status == RepositoryHealth::Status::kFailed);
  CHECK(rig.repo->events({kConversation}).size() == 2);
}

TEST_CASE(
    "failure: what cannot be opened is retried with backoff while a caller waits, and the error tells the "
    "cause") {
  FaultyRig<PooledSqlRepo> rig;
  rig.vfs.arm({VfsCall::kRead, SQLITE_IOERR_READ, 1});
  rig.vfs.arm({VfsCall::kOpen, SQLITE_CANTOPEN, 1'000'000});
  CHECK_THROWS_AS(rig.repo->events({kConversation}), Error);
  const Error error = error_of([&] { rig.repo->events({kConversation}, {.timeout = 0s}); });
  CHECK(error.code() == ErrorCode::kTimeout);
  const std::string text = error.what();
  CAPTURE(text);
  CHECK(text.find("unable to open database file") != std::string::npos);
  // Not while the background tries one of them again.
  spin_until([&] { return rig.repo->health().status == RepositoryHealth::Status::kFailed; });
  rig.vfs.disarm(VfsCall::kOpen);
  rig.clock.advance(10s);
  CHECK(rig.repo->events({kConversation}).size() == 2);
  CHECK(rig.repo->health().status != RepositoryHealth::Status::kFailed);
}
