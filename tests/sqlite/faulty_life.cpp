#include "sqlite/faulty_life.h"

#include "sqlite/plain_database.h"
#include "support/process_resources.h"
#include "support/repository_rig.h"
#include "support/threads.h"

namespace weir::testing {

using namespace history;
using namespace repositories::sqlite;
using repositories::Seconds;
using namespace std::chrono_literals;

namespace {

// A program whose writes all fail in COMMIT doubles what may be there with each.
constexpr int kMostUnknown = 6;

std::vector<ChatStep> first_steps() {
  const NewEvent named = with_request(user_says("b", "named"), "r1");
  return {
      add_step(user_says("a", "one")),
      add_all_step({user_says("a", "two"), with_request(assistant_says("a", "three"), "r3"),
                    with_request(user_says("a", "four"), "r4")}),
      put_step("b", "a name"),
      add_step(named),
      add_step(named),
      read_step("a"),
      add_all_step(
          {with_request(user_says("a", "ask"), "q1"), delta_of("a", "q1", "re"), delta_of("a", "q1", "ply")}),
      compact_step("a", "q1"),
      remove_last_step("b"),
      read_step("b"),
  };
}

std::vector<ChatStep> second_steps() {
  const NewEvent named = with_request(user_says("c", "named by r2"), "r2");
  return {
      read_step("a"),
      add_step(named),
      add_all_step({with_request(user_says("a", "five"), "r5"), with_request(user_says("a", "six"), "r6")}),
      add_all_step({with_request(user_says("c", "ask"), "q2"), delta_of("c", "q2", "re"),
                    delta_of("c", "q2", "ply"), assistant_says("c", "between")}),
      compact_step("c", "q2"),
      add_step(named),
      remove_last_step("a"),
      delete_step("b"),
      read_step("c"),
  };
}

std::vector<ChatStep> third_steps() {
  std::vector<NewEvent> many;
  for (int i = 0; i < 60; ++i)
    many.push_back(user_says("d", "line " + std::to_string(i) + std::string(1500, '.')));
  return {add_step(user_says("b", "anew")), delete_step("c"), read_step("a"), add_all_step(many)};
}

std::vector<ChatStep> last_steps() {
  return {add_step(user_says("d", "after the checkpoint")), remove_last_step("d"), read_step("d"),
          compact_step("b", "q3")};
}

}  // namespace

RepositoryOptions FaultyLife::base_options() const {
  RepositoryOptions options{.path = folder_ / "history.db"};
  options.search.enabled = false;
  options.upkeep = Upkeep::kNone;  // what is done in the background would make each life another
  options.pool.max_readers = 2;
  options.pool.connection_timeout = Seconds(1.0);
  options.pool.health_check_interval = Seconds(1e6);
  options.sqlite.analyze_interval = Seconds(1e6);
  options.sqlite.synchronous = Synchronous::kFull;
  return options;
}

std::vector<FaultyLife::Phase> FaultyLife::phases() const {
  using enum Phase::Backend;
  using enum Phase::Checkpoint;
  RepositoryOptions legacy = base_options();
  legacy.pool.connection_timeout = Seconds(30.0);  // it waits 14 s before it gives up a connection
  legacy.sqlite.wal_autocheckpoint = 10;           // in COMMIT
  RepositoryOptions last = base_options();
  last.sqlite.synchronous = Synchronous::kNormal;
  last.sqlite.checkpoint_pages = 30;
  last.pool.max_writers = 1;  // so that the checkpoint cannot choose
  return {{kPooled, kAtClose, base_options(), first_steps()},
          {kLegacy, kAtClose, legacy, second_steps()},
          {kPooled, kBesideCallers, last, third_steps()}};
}

std::unique_ptr<Repository> FaultyLife::make(const Phase& phase) {
  const Environment environment{clock_, observer_, ++repositories_};
  if (phase.backend == Phase::Backend::kLegacy)
    return std::make_unique<AsyncSqlRepo>(phase.options, environment);
  return std::make_unique<PooledSqlRepo>(phase.options, environment);
}

std::string FaultyLife::live(const std::vector<Fault>& faults) {
  std::thread([] {}).join();  // the thread sanitizer begins one of its own beside the first
  const auto before = ProcessResources::now();
  {
    FaultyVfs vfs;
    for (const Fault& fault : faults) vfs.arm(fault);
    vfs.plan().record();
    play();
    calls_ = vfs.plan().recorded();
    failed_ = vfs.failed();
  }
  look_at_it();
  // The kernel takes a thread out of its list a little after it was joined.
  spin_until([&] { return ProcessResources::now().threads <= before.threads; });
  const auto after = ProcessResources::now();
  if (after.files != before.files) complain("it left files open: " + std::to_string(after.files));
  return complaints_;
}

void FaultyLife::play() {
  std::unique_ptr<Repository> repo;
  for (const Phase& phase : phases()) {
    auto next = make(phase);
    open(*next);
    repo = std::move(next);  // the former one is closed now
    for (const ChatStep& step : phase.steps) take(*repo, step);
    if (phase.checkpoint == Phase::Checkpoint::kAtClose) continue;
    wait_for_checkpoints();
    for (const ChatStep& step : last_steps()) take(*repo, step);
  }
}

void FaultyLife::open(Repository& repo) {
  const ChatStep step{"open", ChatStep::Kind::kRead, {}, [](ChatModel&) { return std::string(); }};
  try {
    repo.open();
  } catch (const Error& error) {
    judge(step, error);
  }
}

void FaultyLife::take(Repository& repo, const ChatStep& step) {
  if (belief_.unknown_outcomes() >= kMostUnknown) return;
  try {
    const std::string answer = step.ask(repo);
    const bool is_read = step.kind == ChatStep::Kind::kRead;
    complain(step, is_read ? belief_.read(step, answer) : belief_.stored(step, answer));
  } catch (const Error& error) {
    judge(step, error);
  } catch (const std::exception& error) {
    complain(step, std::string("threw what is not an Error: ") + error.what());
  }
}

void FaultyLife::judge(const ChatStep& step, const Error& error) {
  switch (error.code()) {
    case ErrorCode::kUnknownOutcome:
      if (step.kind == ChatStep::Kind::kRead) complain(step, "a read of unknown outcome");
      return belief_.unknown(step);
    case ErrorCode::kTimeout:
    case ErrorCode::kUnavailable:
    case ErrorCode::kStorageFull:
    case ErrorCode::kDamaged:
      return;
    default:
      complain(step, std::string("failed as a disk does not: ") + std::string(to_string(error.code())) +
                         ": " + error.what());
  }
}

/// One when the log has grown, and one when nobody has written for a while; or none, on a disk that fails.
void FaultyLife::wait_for_checkpoints() {
  const auto hopeless = clock_.now() + 3s;
  const auto count = [&] {
    return observer_.checkpoints_complete + observer_.checkpoints_partial + observer_.checkpoints_failed;
  };
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  while (count() < 2 && clock_.now() < hopeless) clock_.wait_until(never, lock, hopeless);
}

void FaultyLife::look_at_it() {
  repositories::SystemClock clock;
  repositories::Observer observer;
  RepositoryOptions options{.path = folder_ / "history.db"};
  options.search.enabled = false;
  options.upkeep = Upkeep::kNone;
  try {
    AsyncSqlRepo repo(options, {clock, observer, 99});
    if (const auto complaint = belief_.holds(described(repo))) complain(*complaint);
    repo.add_event(user_says("z", "still writable"));
  } catch (const std::exception& error) {
    complain(std::string("the faults are over and it fails: ") + error.what());
  }
  try {
    const std::string verdict = PlainDatabase(options.path).integrity();
    if (verdict != "ok") complain("integrity: " + verdict);
  } catch (const std::exception& error) {
    complain(error.what());
  }
}

void FaultyLife::complain(const ChatStep& step, const Belief::Complaint& complaint) {
  if (complaint) complain(step.name + ": " + *complaint);
}

}  // namespace weir::testing
