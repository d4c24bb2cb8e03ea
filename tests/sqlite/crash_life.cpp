#include "sqlite/crash_life.h"

#include "repositories/calls.h"
#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/repositories/file_id.h"
#include "weir/repositories/write_ticket.h"

namespace weir::testing {

using namespace history;
using namespace repositories::sqlite;

namespace {

std::vector<NewEvent> lines(const std::string& conversation, int count) {
  std::vector<NewEvent> events;
  for (int i = 0; i < count; ++i) {
    events.push_back(user_says(conversation, "line " + std::to_string(i) + std::string(800, '.')));
  }
  return events;
}

std::vector<ChatStep> group_of_four() {
  std::vector<ChatStep> steps;
  for (const char* name : {"g1", "g2", "g3", "g4"}) steps.push_back(add_step(user_says(name, "together")));
  return steps;
}

}  // namespace

CrashLife::CrashLife(const std::string& path, Synchronous synchronous) {
  options_.path = path;
  options_.search.enabled = false;
  options_.upkeep = Upkeep::kNone;  // what is done in the background would make each life another
  options_.sqlite.synchronous = synchronous;
  options_.sqlite.checkpoint_pages = 30;
  options_.pool.connection_timeout = repositories::Seconds(1e5);  // nobody hurries the clock past it
  options_.pool.health_check_interval = repositories::Seconds(1e6);
  options_.sqlite.analyze_interval = repositories::Seconds(1e6);
  options_.pool.max_readers = 1;
  options_.pool.max_writers = 1;
}

void CrashLife::live(const std::function<void()>& after_commit) {
  after_commit_ = after_commit;
  live_pooled();
  live_legacy();
}

void CrashLife::live_pooled() {
  PooledSqlRepo repo(options_, {clock_, observer_, ++repositories_});
  open(repo);
  take(repo, add_step(user_says("a", "one")));
  take(repo, add_all_step({user_says("a", "ask"), delta_of("a", "q", "re"), delta_of("a", "q", "ply")}));
  take_as_group(repo, group_of_four());
  take(repo, compact_step("a", "q"));
  take(repo, put_step("b", "a name"));
  take(repo, remove_last_step("a"));
  // Who looked at the database meanwhile would be in the way of the first checkpoint, which begins the log
  // anew.
  commit([&] { add_all_step(lines("c", 40)).ask(repo); }, [&] { wait_for_checkpoints(1); });
  for (const char* text : {"the log begins anew", "and grows"}) take(repo, add_step(user_says("a", text)));
  wait_for_checkpoints(2);  // it is cut when nobody has written for a while
  take(repo, delete_step("c"));
  take(repo, add_step(user_says("c", "again")));
}

void CrashLife::live_legacy() {
  RepositoryOptions options = options_;
  options.sqlite.wal_autocheckpoint = 12;
  AsyncSqlRepo repo(options, {clock_, observer_, ++repositories_});
  for (int i = 0; i < 6; ++i) take(repo, add_step(user_says("legacy", std::to_string(i))));
  take(repo, remove_last_step("legacy"));
  take(repo, delete_step("g1"));
}

void CrashLife::go_on(const std::function<void()>& after_commit) {
  after_commit_ = after_commit;
  AsyncSqlRepo repo(options_, {clock_, observer_, 77});
  open(repo);
  take(repo, add_step(user_says("after", "the crash")));
}

void CrashLife::commit(const std::function<void()>& write, const std::function<void()>& settle) {
  ++begun_;
  write();
  acknowledged_ = begun_.load();
  if (settle) settle();
  if (after_commit_) after_commit_();
}

void CrashLife::open(Repository& repo) {
  commit([&] { repo.open(); });
}

void CrashLife::take(Repository& repo, const ChatStep& step) {
  commit([&] { step.ask(repo); });
}

// ticket     held ........................ let go
// first            leads, waits for it           stores all of them in one transaction
// others                    wait in line
void CrashLife::take_as_group(Repository& repo, const std::vector<ChatStep>& steps) {
  commit([&] {
    Threads threads;
    const auto file = repositories::look_at(options_.path).value().id;
    const auto ticket = repositories::write_ticket_of(file, options_.path, clock_);
    const auto hold = ticket->take(call_now(clock_), 1);
    for (std::size_t i = 0; i < steps.size(); ++i) {
      threads.start([&, i] {
        steps[i].ask(repo);
        acknowledged_ = begun_.load();
      });
      spin_until([&] { return repo.stats().write.waiters == i + 1; });
    }
  });
}

void CrashLife::wait_for_checkpoints(std::size_t count) {
  spin_until([&] { return observer_.checkpoints_complete >= count; });
}

}  // namespace weir::testing
