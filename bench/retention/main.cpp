// How long what deletes a great deal holds the write ticket at a time, and what those notice who append
// meanwhile: 200,000 events of 50 conversations, of which retention keeps the last 100 messages each and
// clear_all none, and four threads that append.

#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <vector>

#include "weir/benchmark/workload.h"
#include "weir/repositories/sqlite/initialize.h"
#include "weir/repositories/sqlite/pooled_sql_repo.h"

namespace {

using namespace weir::history;
using namespace weir::repositories;
using namespace weir::repositories::sqlite;
using weir::benchmark::Workload;

constexpr weir::benchmark::WorkloadSize kSize{200'000, 50};
constexpr std::size_t kAppenders = 4;
constexpr char kPath[] = "retention-bench.db";

/// What the thread that asks has run so far; what others do on a busy machine does not count.
Duration processor_time() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// Notes how long a writer was lent to each step, which is about as long as the ticket is held.
class StepObserver final : public Observer {
 public:
  void lease_acquired(PoolKind pool, Duration) noexcept override {
    if (is_step(pool)) began_ = processor_time();
  }
  void lease_released(PoolKind pool, Duration held) noexcept override {
    if (!is_step(pool)) return;
    holds.push_back(held);
    processor_times.push_back(processor_time() - began_);
  }
  void watch_this_thread() { deleter_ = std::this_thread::get_id(); }

  // Touched by the watched thread alone.
  std::vector<Duration> holds;
  std::vector<Duration> processor_times;

 private:
  bool is_step(PoolKind pool) const {
    return pool == PoolKind::kWrite && std::this_thread::get_id() == deleter_;
  }

  std::atomic<std::thread::id> deleter_{};
  Duration began_{};  // touched by the watched thread alone
};

NewEvent event_of(const Workload& workload, std::size_t number) {
  const auto sample = workload.sample(number);
  NewEvent event{ConversationId(Workload::conversation_id(sample.conversation)),
                 sample.is_user ? EventType::kUserMessage : EventType::kAssistantMessage};
  event.content = Content::text(sample.content);
  return event;
}

void fill(PooledSqlRepo& repo, const Workload& workload) {
  constexpr std::size_t kBatch = 1000;
  for (std::size_t first = 0; first < kSize.events; first += kBatch) {
    std::vector<NewEvent> events;
    for (std::size_t i = first; i < first + kBatch; ++i) events.push_back(event_of(workload, i));
    repo.add_events(events);
  }
}

/// How long each append took while `body` ran.
template <class Body>
std::vector<Duration> append_while(PooledSqlRepo& repo, const Workload& workload, Body body) {
  std::atomic<bool> is_over{false};
  std::atomic<std::size_t> next{kSize.events};
  std::vector<std::vector<Duration>> took(kAppenders);
  std::vector<std::thread> threads;
  for (auto& own : took) {
    threads.emplace_back([&] {
      while (!is_over) {
        const NewEvent event = event_of(workload, next++);
        const auto began = std::chrono::steady_clock::now();
        repo.add_event(event);
        own.push_back(std::chrono::steady_clock::now() - began);
      }
    });
  }
  body();
  is_over = true;
  for (std::thread& thread : threads) thread.join();
  std::vector<Duration> all;
  for (const auto& own : took) all.insert(all.end(), own.begin(), own.end());
  return all;
}

void print(const char* what, std::vector<Duration> durations) {
  std::ranges::sort(durations);
  const auto at = [&](double share) {
    const auto index = static_cast<std::size_t>(share * static_cast<double>(durations.size() - 1));
    return std::chrono::duration<double, std::milli>(durations[index]).count();
  };
  std::printf("%-24s %8zu   p50 %7.3f ms   p99 %7.3f ms   longest %7.3f ms\n", what, durations.size(),
              at(0.5), at(0.99), at(1.0));
}

void remove_database() {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(std::string(kPath) + suffix);
}

constexpr CallOptions kAllItTakes{.timeout = std::chrono::minutes{10}};

std::int64_t apply_retention(PooledSqlRepo& repo) {
  return repo.apply_retention({.policy = RetentionPolicy::kMessageCount}, kAllItTakes);
}

std::int64_t clear_all(PooledSqlRepo& repo) {
  return repo.clear_all(kAllItTakes);
}

struct Deletion {
  const char* name;
  std::int64_t (*run)(PooledSqlRepo&);
};

void measure(const SearchOptions& search, const Deletion& deletion) {
  SystemClock clock;
  StepObserver observer;
  PooledSqlRepo repo({.path = kPath, .search = search}, {clock, observer, 1});
  const Workload workload(kSize);
  fill(repo, workload);
  std::int64_t deleted = 0;
  Duration took{};
  const auto beside = append_while(repo, workload, [&] {
    observer.watch_this_thread();
    const TimePoint began = clock.now();
    deleted = deletion.run(repo);
    took = clock.now() - began;
  });
  const auto alone = append_while(repo, workload, [&] { clock.sleep_until(clock.now() + took); });
  std::printf("%lld events deleted in %.2f s\n", static_cast<long long>(deleted), Seconds(took).count());
  print("steps", observer.holds);
  print("steps, processor time", observer.processor_times);
  print("appends beside them", beside);
  print("appends alone", alone);
}

}  // namespace

int main() {
  if (!weir::initialize()) return 1;
  // What is in the full-text index has to be taken out of it too.
  for (const bool has_index : {false, true}) {
    for (const Deletion& deletion :
         {Deletion{"retention", apply_retention}, Deletion{"clear_all", clear_all}}) {
      std::printf("%s, search %s\n", deletion.name, has_index ? "on" : "off");
      remove_database();
      measure({.enabled = has_index}, deletion);
    }
  }
  remove_database();
}
