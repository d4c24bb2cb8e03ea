// One repository in the place of another, while calls go on.

#include "weir/repositories/repository_handle.h"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <latch>

#include "support/captured_log.h"
#include "support/repository_rig.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::RepositoryHandle;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

/// Waits in the middle of a read until it is let go.
class Pausing final : public EventSink {
 public:
  void restart() override {}
  void take(const EventView&) override {
    if (std::exchange(has_begun_, true)) return;
    begun.count_down();
    let_go.wait();
  }

  std::latch begun{1};
  std::latch let_go{1};

 private:
  bool has_begun_ = false;
};

std::size_t entries(const char* folder) {
  const std::filesystem::directory_iterator all(folder);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::unique_ptr<Repository> make_next(RepositoryRig& rig, int round) {
  std::unique_ptr<Repository> next = rig.make<PooledSqlRepo>();
  if (round % 2 == 0) next = rig.make<AsyncSqlRepo>();
  next->open();
  return next;
}

}  // namespace

TEST_CASE("handle: a call that has begun ends with the repository it began on, others go to the next") {
  RepositoryRig rig;
  RepositoryHandle handle(rig.make<PooledSqlRepo>());
  handle.add_event(user_says("c", "1"));
  //   reader:    read begins on the first ............ ends
  //   switch:            replace() ............................ returns
  //   another:                     served by the second
  Pausing reader;
  std::atomic<bool> replaced = false;
  Threads threads;
  threads.start([&] { handle.read_events({.conversation_id = ConversationId("c")}, reader); });
  reader.begun.wait();
  threads.start([&] {
    handle.replace(rig.make<AsyncSqlRepo>());
    replaced = true;
  });
  spin_until([&] { return handle.info().name == "AsyncSqlRepo"; });
  CHECK(handle.add_event(user_says("c", "2")).event.seq == 2);
  CHECK_FALSE(replaced);
  reader.let_go.count_down();
  threads.join();
  CHECK(replaced);
}

TEST_CASE("handle: clients who read what they wrote notice nothing of many switches") {
  RepositoryRig rig;
  const CapturedLog log;
  RepositoryHandle handle(rig.make<PooledSqlRepo>());
  handle.add_event(user_says("warm", "up"));
  const int switches = 2 * environment_number("WEIR_SCENARIO_ROUNDS", 20);
  constexpr std::size_t kClients = 16;
  std::atomic<bool> ended = false;
  std::atomic<int> wrong = 0;
  std::array<std::size_t, kClients> written{};
  run_at_once(kClients + 1, [&](std::size_t thread) {
    if (thread == kClients) {
      for (int i = 0; i < switches; ++i) handle.replace(make_next(rig, i));
      ended = true;
      return;
    }
    const std::string own = "client-" + std::to_string(thread);
    while (!ended) {
      const Event stored = handle.add_event(user_says(own, "x")).event;
      ++written[thread];
      wrong += handle.find_event(stored.id) == stored ? 0 : 1;
      wrong += stored.seq == static_cast<Seq>(written[thread]) ? 0 : 1;
    }
  });
  CHECK(wrong == 0);
  for (std::size_t client = 0; client < kClients; ++client) {
    CHECK(handle.events({ConversationId("client-" + std::to_string(client))}).size() == written[client]);
  }
  CHECK(log.lines().empty());
}

TEST_CASE("handle: after many switches there are as many threads and files open as before") {
  RepositoryRig rig;
  RepositoryHandle handle(rig.make<PooledSqlRepo>());
  const auto use = [&] {
    handle.add_event(user_says("c", "x"));
    handle.events({ConversationId("c")});
  };
  use();
  handle.replace(make_next(rig, 1));
  use();
  const std::size_t files = entries("/proc/self/fd");
  const std::size_t threads = entries("/proc/self/task");
  for (int i = 0; i < 20; ++i) {
    handle.replace(make_next(rig, i));
    use();
  }
  CHECK(entries("/proc/self/fd") == files);
  // The kernel takes a thread out of its list a little after it was joined.
  spin_until([&] { return entries("/proc/self/task") <= threads; });
}
