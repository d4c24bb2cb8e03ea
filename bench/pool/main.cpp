// What it costs to take a free connection and to give it back: of the pool alone, over integers, and of the
// repository's readers, which are proven clean on their way back. One thread; nanoseconds a lease on stdout.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "weir/repositories/connection_pool.h"
#include "weir/repositories/sqlite/database.h"
#include "weir/repositories/sqlite/initialize.h"

namespace {

using namespace weir::repositories;
using namespace weir::repositories::sqlite;

constexpr int kLeases = 200'000;
constexpr int kRounds = 7;

Call call_now(Clock& clock) {
  const TimePoint now = clock.now();
  return {Operation::kFindEvent, now, now + std::chrono::seconds{30}};
}

/// The median of some rounds, in nanoseconds.
template <class T>
double cost_of(ConnectionPool<T>& pool, Clock& clock) {
  std::vector<double> rounds;
  const Call call = call_now(clock);
  for (int round = 0; round < kRounds; ++round) {
    const TimePoint began = clock.now();
    for (int i = 0; i < kLeases; ++i) {
      const auto lease = pool.acquire(call, 1024);
    }
    const std::chrono::duration<double, std::nano> took = clock.now() - began;
    rounds.push_back(took.count() / kLeases);
  }
  std::ranges::sort(rounds);
  return rounds[kRounds / 2];
}

double cost_over_integers(Clock& clock, Observer& observer) {
  ConnectionPool<int> pool({PoolKind::kRead, "integers", SlotQueue::Order::kWarm}, 8,
                           {.open = [](TimePoint) { return std::make_unique<int>(1); },
                            .clean = [](int&) { return true; },
                            .probe = [](int&) { return std::nullopt; },
                            .on_broken = [] {}},
                           clock, observer);
  return cost_of(pool, clock);
}

double cost_over_readers(Clock& clock, Observer& observer) {
  Database database("pool-bench.db", {}, clock);
  database.prepare(call_now(clock), 1);
  ConnectionPool<Connection> pool(
      {PoolKind::kRead, "readers", SlotQueue::Order::kWarm}, 8,
      {.open = [&](TimePoint deadline) { return database.open(ConnectionRole::kReader, deadline); },
       .clean = [](Connection& connection) { return connection.clean(); },
       .probe = [&](Connection& connection) { return database.probe(connection); },
       .on_broken = [] {}},
      clock, observer);
  const double cost = cost_of(pool, clock);
  pool.close([](Connection&) {});
  return cost;
}

}  // namespace

int main() {
  if (!weir::initialize()) return 1;
  SystemClock clock;
  Observer observer;
  std::printf("pool alone       %4.0f ns a lease\n", cost_over_integers(clock, observer));
  std::printf("clean reader     %4.0f ns a lease\n", cost_over_readers(clock, observer));
  for (const char* suffix : {"", "-wal", "-shm"})
    std::filesystem::remove(std::string("pool-bench.db") + suffix);
}
