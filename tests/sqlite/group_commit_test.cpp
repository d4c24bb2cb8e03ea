// Writes that wait at the same time are stored together, and each is told what became of its own (invariants
// I2, I3, I4).

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "repositories/calls.h"
#include "sqlite/faulty_vfs.h"
#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/repositories/file_id.h"
#include "weir/repositories/write_ticket.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::Duration;
using weir::repositories::look_at;
using weir::repositories::PoolKind;
using weir::repositories::Replaced;
using weir::repositories::write_ticket_of;
using weir::repositories::WriteTicket;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using weir::repositories::sqlite::RepositoryOptions;
using weir::repositories::sqlite::Synchronous;
using namespace std::chrono_literals;

namespace {

/// Writes down how many writes each commit stored, and which connections were replaced.
class GroupObserver final : public weir::repositories::Observer {
 public:
  std::vector<std::size_t> groups() const {
    const std::lock_guard lock(mutex_);
    return groups_;
  }
  std::vector<Replaced> replaced_writers() const {
    const std::lock_guard lock(mutex_);
    return replaced_writers_;
  }

  void group_committed(std::size_t members, Duration) noexcept override {
    const std::lock_guard lock(mutex_);
    groups_.push_back(members);
  }
  void connection_replaced(PoolKind kind, Replaced reason) noexcept override {
    const std::lock_guard lock(mutex_);
    if (kind == PoolKind::kWrite) replaced_writers_.push_back(reason);
  }

 private:
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<std::size_t> groups_;
  std::vector<Replaced> replaced_writers_;
};

/// How a call did; what it stored, when it stored one event.
struct Answer {
  std::string outcome;
  std::optional<Appended> stored;
};

/// A repository whose writes wait, as long as the test holds the write ticket of its file.
///
/// main       holds the ticket ........................... lets go
/// write 1            leads, waits for the ticket          stores itself and who came until then
/// write 2, 3              wait in line
class Rig {
 public:
  using Write = std::function<Appended(ChatRepository&)>;

  explicit Rig(const RepositoryOptions& options) : options_(options) {
    options_.path = files.options.path;
    options_.search.enabled = false;
    options_.upkeep = weir::repositories::sqlite::Upkeep::kNone;
    options_.write_group.max_time = std::chrono::hours{1};  // groups end by what is in line, not by time
    repo = std::make_unique<PooledSqlRepo>(options_,
                                           weir::repositories::sqlite::Environment{clock, observer, 7});
    repo->open();
    ticket_ = write_ticket_of(look_at(options_.path)->id, options_.path, clock);
  }
  Rig() : Rig(RepositoryOptions{}) {}

  void hold() { hold_.emplace(ticket_->take(call_now(clock), 100)); }

  /// A write on a thread of its own, which waits when this returns. How it did is to be read after let_go().
  const Answer& line_up(ChatRepository& on, const Write& write) {
    Answer& answer = answers_.emplace_back();
    const std::size_t already = repo->stats().write.waiters;
    threads_.start(
        [&answer, &on, write] { answer.outcome = failure_of([&] { answer.stored = write(on); }); });
    spin_until([&] { return repo->stats().write.waiters == already + 1; });
    return answer;
  }
  const Answer& line_up(const NewEvent& event) {
    return line_up(*repo, [event](ChatRepository& on) { return on.add_event(event); });
  }

  void let_go() {
    hold_.reset();
    threads_.join();
  }

  std::vector<std::string> texts(const std::string& conversation) {
    std::vector<std::string> found;
    Seq expected = 0;
    for (const Event& event : repo->events({ConversationId(conversation)})) {
      CHECK(event.seq == ++expected);
      found.push_back(std::string(event.content->raw()));
    }
    return found;
  }

  RepositoryRig files;
  const CapturedLog log;
  GroupObserver observer;
  weir::repositories::SystemClock clock;
  std::unique_ptr<PooledSqlRepo> repo;

 private:
  RepositoryOptions options_;
  std::shared_ptr<WriteTicket> ticket_;
  std::optional<WriteTicket::Hold> hold_;
  std::list<Answer> answers_;
  Threads threads_;
};

using Groups = std::vector<std::size_t>;
using Texts = std::vector<std::string>;

NewEvent with_seq(NewEvent event, Seq seq) {
  event.seq = seq;
  return event;
}

NewEvent with_id(NewEvent event, const EventId& id) {
  event.id = id;
  return event;
}

}  // namespace

TEST_CASE("group commit: writes that wait are stored by one commit, in order of arrival") {
  Rig rig;
  rig.hold();
  const auto before = rig.repo->stats().write_acquisitions;
  std::vector<const Answer*> answers;
  for (int i = 1; i <= 8; ++i) answers.push_back(&rig.line_up(user_says("c", std::to_string(i))));
  rig.let_go();
  for (std::size_t i = 0; i < 8; ++i) {
    REQUIRE(answers[i]->outcome == "no error");
    CHECK(answers[i]->stored->event.seq == static_cast<Seq>(i + 1));
  }
  CHECK(rig.observer.groups() == Groups{8});
  CHECK(rig.repo->stats().write_acquisitions == before + 1);
  CHECK(rig.texts("c").size() == 8);
}

TEST_CASE("group commit: a lone caller's write is a group of one") {
  Rig rig;
  for (int i = 1; i <= 3; ++i) rig.repo->add_event(user_says("c", std::to_string(i)));
  CHECK(rig.observer.groups() == Groups{1, 1, 1});
}

TEST_CASE("group commit: a write that is refused leaves nothing, and the others are stored without a gap") {
  Rig rig;
  const Event taken = rig.repo->add_event(user_says("c", "1")).event;
  rig.hold();
  const Answer& first = rig.line_up(user_says("c", "2"));
  const Answer& wrong_seq = rig.line_up(with_seq(user_says("c", "refused"), 9));
  const Answer& wrong_id = rig.line_up(with_id(user_says("new", "refused"), taken.id));
  const Answer& batch = rig.line_up(*rig.repo, [](ChatRepository& repo) {
    return repo.add_events({user_says("c", "refused"), with_seq(user_says("c", "refused"), 9)}).back();
  });
  const Answer& last = rig.line_up(user_says("c", "3"));
  rig.let_go();
  CHECK(first.outcome == "no error");
  CHECK(wrong_seq.outcome == "conflict: seq: is 9, and the next one is 3");
  CHECK(wrong_id.outcome == "conflict: id: another event has it");
  CHECK(batch.outcome.starts_with("conflict: events[1].seq: is 9"));
  CHECK(last.outcome == "no error");
  CHECK(rig.texts("c") == Texts{"1", "2", "3"});
  CHECK(rig.repo->list_conversations({}).conversations.size() == 1);
  CHECK(rig.observer.groups() == Groups{1, 2});
}

TEST_CASE("group commit: one request that waits twice is stored once, and the second is told so") {
  Rig rig;
  rig.hold();
  const Answer& first = rig.line_up(with_request(user_says("c", "1"), "r"));
  const Answer& second = rig.line_up(with_request(user_says("c", "1"), "r"));
  rig.let_go();
  REQUIRE(first.stored);
  REQUIRE(second.stored);
  CHECK_FALSE(first.stored->duplicate);
  CHECK(second.stored->duplicate);
  CHECK(second.stored->event == first.stored->event);
  CHECK(rig.texts("c") == Texts{"1"});
  CHECK(rig.observer.groups() == Groups{2});
}

TEST_CASE("group commit: groups keep to their members and their bytes, and a huge write goes alone") {
  Rig rig({.write_group = {.max_members = 3, .max_bytes = 20'000}});
  const std::string huge(40'000, 'x');
  rig.hold();
  for (const char* text : {"1", "2", "3", "4"}) rig.line_up(user_says("c", text));
  rig.line_up(user_says("c", huge));
  for (const char* text : {"6", "7"}) rig.line_up(user_says("c", text));
  rig.line_up(*rig.repo, [&](ChatRepository& repo) {
    return repo
        .add_events({user_says("c", std::string(12'000, 'y')), user_says("c", std::string(12'000, 'z'))})
        .back();
  });
  rig.let_go();
  CHECK(rig.observer.groups() == Groups{3, 1, 1, 2, 1});
  CHECK(rig.texts("c").size() == 9);
  CHECK(rig.texts("c").at(4) == huge);
}

TEST_CASE("group commit: what may touch any amount goes alone") {
  Rig rig;
  rig.repo->add_event(user_says("old", "1"));
  rig.hold();
  rig.line_up(user_says("c", "1"));
  rig.line_up(*rig.repo, [](ChatRepository& repo) {
    repo.import_events({{user_says("old", "2"), {}}});
    return Appended{Event{EventId::stored("x"), ConversationId("x")}};
  });
  rig.line_up(user_says("c", "2"));
  rig.let_go();
  CHECK(rig.observer.groups() == Groups{1, 1, 1, 1});
  CHECK(rig.texts("c") == Texts{"1", "2"});
  CHECK(rig.texts("old") == Texts{"1", "2"});
}

// The first sync of the log after its frames are written fails; nobody can say what the disk holds.
TEST_CASE("group commit: a COMMIT that fails is of unknown outcome to every member, and repeating it tells") {
  RepositoryOptions options;
  options.sqlite.synchronous = Synchronous::kFull;
  FaultyVfs vfs;
  Rig rig(options);
  rig.repo->add_event(user_says("c", "1"));
  rig.hold();
  std::vector<NewEvent> events;
  std::vector<const Answer*> answers;
  for (int i = 2; i <= 4; ++i) {
    events.push_back(with_request(user_says("c", std::to_string(i)), std::to_string(i)));
    answers.push_back(&rig.line_up(events.back()));
  }
  vfs.arm({VfsCall::kSync, SQLITE_IOERR_FSYNC, 1});
  rig.let_go();
  for (const Answer* answer : answers) CHECK(answer->outcome.starts_with("unknown_outcome: COMMIT"));
  CHECK(rig.observer.groups() == Groups{1});
  CHECK(rig.observer.replaced_writers() == std::vector<Replaced>{Replaced::kFailed});
  for (const NewEvent& event : events) (void)rig.repo->add_event(event);
  CHECK(rig.texts("c") == Texts{"1", "2", "3", "4"});
}

TEST_CASE("group commit: a disk that is full at COMMIT refuses every member, and nothing of them is stored") {
  FaultyVfs vfs;
  Rig rig;
  rig.repo->add_event(user_says("c", "1"));
  rig.hold();
  const Answer& first = rig.line_up(user_says("c", "refused"));
  const Answer& second = rig.line_up(user_says("c", "refused"));
  vfs.arm({VfsCall::kWrite, SQLITE_FULL, 1});
  rig.let_go();
  CHECK(first.outcome.starts_with("storage_full: "));
  CHECK(second.outcome.starts_with("storage_full: "));
  rig.repo->add_event(user_says("c", "2"));
  CHECK(rig.texts("c") == Texts{"1", "2"});
  CHECK(rig.observer.replaced_writers().empty());
}

namespace {

/// A database too large for what one write reads of it, and a repository that has read what "warm" needs.
class ColdRig : public Rig {
 public:
  ColdRig() {
    std::vector<NewEvent> events;
    for (int i = 0; i < 300; ++i)
      events.push_back(user_says("cold-" + std::to_string(i), std::string(2'000, 'x')));
    events.push_back(user_says("warm", "1"));
    files.make<PooledSqlRepo>()->add_events(events);
    repo->add_event(user_says("warm", "2"));
  }
};

}  // namespace

// warm 1     leads, is run ......................... leads again on another connection: warm 1, warm 2
// cold              reads a page: the disk fails     is told
// warm 2            waits                            waits
TEST_CASE(
    "group commit: a disk that fails a member costs that one and the connection; the others are stored") {
  FaultyVfs vfs;
  ColdRig rig;
  rig.hold();
  const Answer& before = rig.line_up(user_says("warm", "3"));
  const Answer& culprit = rig.line_up(user_says("cold-150", "refused"));
  const Answer& behind = rig.line_up(user_says("warm", "4"));
  vfs.arm({VfsCall::kRead, SQLITE_IOERR_READ, 1});
  rig.let_go();
  CHECK(vfs.failed() == 1);
  CHECK(before.outcome == "no error");
  CHECK(culprit.outcome.starts_with("unavailable: "));
  CHECK(behind.outcome == "no error");
  CHECK(rig.texts("warm") == Texts{"1", "2", "3", "4"});
  CHECK(rig.texts("cold-150").size() == 1);
  CHECK(rig.observer.replaced_writers() == std::vector<Replaced>{Replaced::kFailed});
  CHECK(rig.observer.groups() == Groups{1, 2});
}

TEST_CASE(
    "group commit: when a member finds the file damaged, those who waited with it are not written either") {
  FaultyVfs vfs;
  ColdRig rig;
  rig.hold();
  const Answer& before = rig.line_up(user_says("warm", "refused"));
  const Answer& culprit = rig.line_up(user_says("cold-150", "refused"));
  const Answer& behind = rig.line_up(user_says("warm", "refused"));
  vfs.arm({VfsCall::kRead, SQLITE_CORRUPT, 1});
  rig.let_go();
  for (const Answer* answer : {&before, &culprit, &behind}) CHECK(answer->outcome.starts_with("damaged: "));
  CHECK(rig.texts("warm") == Texts{"1", "2"});
  CHECK(rig.observer.groups() == Groups{1});
}

// main       holds the ticket ............... lets go
// pooled 1           leads, waits             stores 1, 2 and 3
// legacy                waits for the ticket                     stores its own
// pooled 2, 3              wait in line
TEST_CASE(
    "group commit: two repositories of either kind on one file take turns, and their numbers are dense") {
  Rig rig;
  const auto legacy = rig.files.make<AsyncSqlRepo>();
  legacy->open();
  rig.hold();
  rig.line_up(user_says("c", "pooled 1"));
  rig.line_up(*legacy, [](ChatRepository& repo) { return repo.add_event(user_says("c", "legacy")); });
  rig.line_up(user_says("c", "pooled 2"));
  rig.line_up(user_says("c", "pooled 3"));
  rig.let_go();
  CHECK(rig.texts("c") == Texts{"pooled 1", "pooled 2", "pooled 3", "legacy"});
  CHECK(rig.observer.groups() == Groups{3});
}

// main       holds the ticket ......................... lets go
// write 1            leads for 0 s, times out
// write 2                      waits, leads next
TEST_CASE("group commit: a leader that does not get the ticket in time fails alone, and the next one leads") {
  Rig rig;
  rig.hold();
  const auto impatient = [](ChatRepository& repo) {
    return repo.add_event(user_says("c", "refused"), {.timeout = 0s});
  };
  CHECK(failure_of([&] { impatient(*rig.repo); }).starts_with("timeout: the write ticket of "));
  const Answer& patient = rig.line_up(user_says("c", "1"));
  CHECK(failure_of([&] {
          impatient(*rig.repo);
        }).starts_with("timeout: the write queue of " + rig.files.options.path + ": add_event waited"));
  rig.let_go();
  CHECK(patient.outcome == "no error");
  CHECK(rig.texts("c") == Texts{"1"});
}

TEST_CASE("group commit: who waits is counted once, wherever it waits") {
  Rig rig;
  rig.hold();
  for (int i = 1; i <= 5; ++i) {
    rig.line_up(user_says("c", std::to_string(i)));
    CHECK(rig.repo->stats().write.waiters == static_cast<std::size_t>(i));
  }
  rig.let_go();
  CHECK(rig.repo->stats().write.waiters == 0);
}
