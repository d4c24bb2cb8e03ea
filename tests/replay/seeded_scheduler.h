#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "weir/repositories/clock.h"

namespace weir::testing {

/// Runs callers by turns, on one thread, and lets a seed decide whose it is: the same seed, the same
/// interleaving.
///
/// In this program the C library's mutex and condition variable are stood in for (pthread_stand_in.cpp): at
/// each lock() of a caller that a scheduler runs, and whenever one waits, another may go on. So critical
/// sections can follow each other in every order; what atomics alone order stays as it is. Time is virtual:
/// it jumps to the next deadline when nobody can go on, and now and then to a near one when somebody can.
/// Wake-ups for no reason come up too, as the standard allows them.
///
/// Thread-safety: one thread at a time; all but run() and trace() by what it runs.
/// Errors: callers that wait for each other for good end the program, and the seed is told; so does what one
///   throws.
class SeededScheduler final : public repositories::Clock {
 public:
  using TimePoint = repositories::TimePoint;

  explicit SeededScheduler(std::uint64_t seed);
  ~SeededScheduler() override;

  /// Returns when every body has ended.
  void run(const std::vector<std::function<void()>>& bodies);

  /// Another caller may go on here.
  void reach_point();
  /// A choice that belongs to the seed: 0 to `count` - 1.
  std::size_t choose(std::size_t count);
  /// Who went on, in order: two runs of one seed have the same.
  const std::string& trace() const { return trace_; }

  // repositories::Clock
  TimePoint now() const override { return now_; }
  std::chrono::system_clock::time_point wall_now() const override;
  void wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                  TimePoint deadline) override;
  void sleep_until(TimePoint deadline) override;

  // What the stand-ins ask of the scheduler that runs their caller; absent when none does.
  static SeededScheduler* running();
  /// The caller cannot go on before `mutex` is unlocked.
  void block_on(const void* mutex);
  void unlocked(const void* mutex);
  void wake_one(const void* condition);
  void wake_all(const void* condition);

 private:
  struct Caller;

  static void enter(unsigned high, unsigned low);
  void prepare(Caller& caller);
  /// The one whose turn it is lets somebody go on, perhaps itself.
  void pass_turn();
  Caller& choose_next();
  std::vector<Caller*> ready();
  std::vector<Caller*> waiting_for(const void* object);
  /// To the next deadline, if there is one until then.
  bool let_time_pass(TimePoint until);
  void begin_wait(const void* object, TimePoint deadline);
  bool happens_in(std::size_t one_of) { return choose(one_of) == 0; }
  [[noreturn]] void give_up(const char* what) const;

  const std::uint64_t seed_;
  std::minstd_rand random_;
  TimePoint now_{std::chrono::hours{1'000}};
  std::unique_ptr<Caller> main_;  // whoever called run(); goes on when all others have ended
  std::vector<std::unique_ptr<Caller>> callers_;
  Caller* current_ = nullptr;
  std::string trace_;
};

/// Runs `body` with the seeds 1 to WEIR_REPLAY_SEEDS (500 unless told), or with WEIR_REPLAY_SEED alone. Which
/// seed it was is part of what a check prints that fails.
void for_seeds(const std::function<void(SeededScheduler&)>& body);

}  // namespace weir::testing
