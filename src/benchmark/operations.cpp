#include "weir/benchmark/operations.h"

#include <array>
#include <atomic>
#include <cstdio>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "weir/benchmark/latency_histogram.h"

namespace weir::benchmark {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kHeldAppends = 20;
constexpr std::chrono::milliseconds kHeldPause{10};

enum class Phase { kWarmUp, kMeasured, kOver };

/// What the threads of one load share.
struct Shared {
  const Workload& workload;
  std::atomic<Phase> phase{Phase::kWarmUp};
  std::atomic<std::size_t> next_append;
  std::atomic<std::uint64_t> errors{0};

  explicit Shared(const Workload& its_workload)
      : workload(its_workload), next_append(its_workload.size().events) {}

  bool is_over() const { return phase.load(std::memory_order_relaxed) == Phase::kOver; }
  Sample take_sample() { return workload.sample(next_append.fetch_add(1, std::memory_order_relaxed)); }
  void count_error(const char* what) {
    if (errors.fetch_add(1) == 0) std::fprintf(stderr, "first error: %s\n", what);
  }
};

/// One caller: its own session and its own random numbers.
class Caller {
 public:
  Caller(Lane& lane, Shared& shared, std::size_t index)
      : shared_(shared), session_(lane.session()), random_(mix(index)) {}

  void repeat(Operation operation) {
    while (!shared_.is_over()) {
      // What is begun counts, however long it takes: who starves at the end must not vanish.
      const bool is_measured = shared_.phase.load(std::memory_order_relaxed) == Phase::kMeasured;
      const auto began = steady_clock::now();
      once(operation);
      const auto took = steady_clock::now() - began;
      if (!is_measured) continue;
      histogram_.record(static_cast<std::uint64_t>(took.count()));
    }
  }

  /// Holds one write transaction after the other.
  void hold_writes() {
    while (!shared_.is_over()) {
      std::size_t appended = 0;
      Sample sample{};
      check([&] {
        return session_->hold_write([&]() -> const Sample* {
          if (appended++ == kHeldAppends || shared_.is_over()) return nullptr;
          std::this_thread::sleep_for(kHeldPause);
          sample = shared_.take_sample();
          return &sample;
        });
      });
    }
  }

  const LatencyHistogram& histogram() const { return histogram_; }

 private:
  std::size_t random_below(std::size_t end) { return (random_ = mix(random_)) % end; }

  template <class Ask>
  void check(Ask ask) {
    try {
      if (!ask()) shared_.count_error("a wrong answer");
    } catch (const std::exception& error) {
      shared_.count_error(error.what());
    }
  }

  void point_read() {
    check([&] { return session_->point_read(random_below(shared_.workload.size().events)); });
  }
  void recent() {
    check([&] { return session_->recent_50(random_below(shared_.workload.size().conversations)); });
  }
  void append() {
    const Sample sample = shared_.take_sample();
    check([&] { return session_->append(sample); });
  }

  void once(Operation operation) {
    switch (operation) {
      case Operation::kPointRead:
      case Operation::kReadBesideWriter:
        return point_read();
      case Operation::kRecent50:
        return recent();
      case Operation::kAppend:
        return append();
      case Operation::kMixed:
        return random_below(10) == 0 ? append() : recent();
    }
  }

  Shared& shared_;
  std::unique_ptr<Session> session_;
  std::uint64_t random_;
  LatencyHistogram histogram_;
};

Measurement summarise(const std::vector<std::unique_ptr<Caller>>& callers, double seconds,
                      std::uint64_t errors) {
  LatencyHistogram all;
  for (const auto& caller : callers) all.add(caller->histogram());
  const auto microseconds = [&](double share) { return static_cast<double>(all.quantile(share)) / 1000.0; };
  return {static_cast<double>(all.count()) / seconds,
          microseconds(0.5),
          microseconds(0.99),
          microseconds(0.999),
          static_cast<double>(all.max()) / 1000.0,
          errors};
}

}  // namespace

std::span<const OperationInfo> all_operations() {
  static constexpr std::array<OperationInfo, 5> kOperations = {{
      {Operation::kPointRead, "point_read", 16},
      {Operation::kRecent50, "recent_50", 16},
      {Operation::kAppend, "append", 16},
      {Operation::kMixed, "mixed_90_10", 16},
      {Operation::kReadBesideWriter, "read_beside_writer", 8},
  }};
  return kOperations;
}

Measurement run_load(Lane& lane, const Workload& workload, const Load& load) {
  Shared shared(workload);
  std::vector<std::unique_ptr<Caller>> callers;
  for (std::size_t i = 0; i < load.threads; ++i) {
    callers.push_back(std::make_unique<Caller>(lane, shared, i));
  }
  std::latch start(static_cast<std::ptrdiff_t>(load.threads) + 1);
  std::vector<std::jthread> threads;
  for (auto& caller : callers) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      caller->repeat(load.operation);
    });
  }
  if (load.operation == Operation::kReadBesideWriter) {
    threads.emplace_back([&] { Caller(lane, shared, load.threads).hold_writes(); });
  }
  start.arrive_and_wait();
  std::this_thread::sleep_for(load.warm_up);
  const auto began = steady_clock::now();
  shared.phase = Phase::kMeasured;
  std::this_thread::sleep_for(load.duration);
  shared.phase = Phase::kOver;
  const std::chrono::duration<double> measured = steady_clock::now() - began;
  threads.clear();
  return summarise(callers, measured.count(), shared.errors);
}

}  // namespace weir::benchmark
