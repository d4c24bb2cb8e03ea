#include "replay/seeded_scheduler.h"

#include <cxxabi.h>
#include <doctest/doctest.h>
#include <ucontext.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "support/environment_number.h"

namespace weir::testing {
namespace {

using repositories::TimePoint;

// A caller keeps its turn for some points in a row, as a thread its processor; time and wake-ups that nobody
// asked for are rarer.
constexpr std::size_t kGivesUpTurn = 2;
constexpr std::size_t kTimePasses = 16;
constexpr std::size_t kWakesForNothing = 64;
constexpr auto kNear = std::chrono::milliseconds{1};
constexpr std::size_t kStackBytes = std::size_t{256} * 1024;

SeededScheduler* running_scheduler = nullptr;

/// What the C++ runtime keeps of a thread's exceptions (Itanium C++ ABI, 2.2.2), and each caller needs of its
/// own.
struct ExceptionState {
  void* caught = nullptr;
  unsigned int uncaught = 0;
};

ExceptionState exchange_exceptions(const ExceptionState& other) {
  return std::exchange(*reinterpret_cast<ExceptionState*>(abi::__cxa_get_globals()), other);
}

}  // namespace

struct SeededScheduler::Caller {
  enum class State { kReady, kBlocked, kWaiting, kEnded };

  char name = '.';
  State state = State::kReady;
  const void* waits_for = nullptr;  // a mutex when blocked; a condition when waiting, or nothing: it sleeps
  TimePoint deadline{};             // waiting: until when

  std::function<void()> body{};
  std::vector<char> stack{};
  ucontext_t context{};
  ExceptionState exceptions{};
};

SeededScheduler::SeededScheduler(std::uint64_t seed)
    : seed_(seed),
      random_(static_cast<std::minstd_rand::result_type>(seed * 7919 + 1)),
      main_(std::make_unique<Caller>()) {
  random_.discard(3);  // the first numbers of seeds side by side are alike
}

SeededScheduler::~SeededScheduler() = default;

SeededScheduler* SeededScheduler::running() {
  return running_scheduler;
}

std::size_t SeededScheduler::choose(std::size_t count) {
  return (random_() >> 7U) % count;
}

void SeededScheduler::run(const std::vector<std::function<void()>>& bodies) {
  for (const auto& body : bodies) {
    Caller& caller = *callers_.emplace_back(std::make_unique<Caller>());
    caller.name = static_cast<char>('a' + callers_.size() - 1);
    caller.body = body;
    prepare(caller);
  }
  current_ = main_.get();
  pass_turn();
  callers_.clear();
}

void SeededScheduler::prepare(Caller& caller) {
  caller.stack.resize(kStackBytes);
  getcontext(&caller.context);
  caller.context.uc_stack.ss_sp = caller.stack.data();
  caller.context.uc_stack.ss_size = caller.stack.size();
  const auto self = reinterpret_cast<std::uintptr_t>(this);  // makecontext() hands on nothing wider than int
  makecontext(&caller.context, reinterpret_cast<void (*)()>(enter), 2, static_cast<unsigned>(self >> 32U),
              static_cast<unsigned>(self));
}

void SeededScheduler::enter(unsigned high, unsigned low) {
  auto& self = *reinterpret_cast<SeededScheduler*>((std::uintptr_t{high} << 32U) | low);
  self.current_->body();
  self.current_->state = Caller::State::kEnded;
  self.pass_turn();
}

std::vector<SeededScheduler::Caller*> SeededScheduler::ready() {
  std::vector<Caller*> found;
  for (const auto& caller : callers_) {
    const bool is_due = caller->state == Caller::State::kWaiting && caller->deadline <= now_;
    if (caller->state == Caller::State::kReady || is_due) found.push_back(caller.get());
  }
  return found;
}

std::vector<SeededScheduler::Caller*> SeededScheduler::waiting_for(const void* object) {
  std::vector<Caller*> found;
  for (const auto& caller : callers_) {
    if (caller->state == Caller::State::kWaiting && caller->waits_for == object)
      found.push_back(caller.get());
  }
  return found;
}

bool SeededScheduler::let_time_pass(TimePoint until) {
  TimePoint next = TimePoint::max();
  for (const auto& caller : callers_) {
    if (caller->state == Caller::State::kWaiting) next = std::min(next, caller->deadline);
  }
  if (next == TimePoint::max() || next > until) return false;
  now_ = std::max(now_, next);
  return true;
}

SeededScheduler::Caller& SeededScheduler::choose_next() {
  const auto has_ended = [](const auto& caller) { return caller->state == Caller::State::kEnded; };
  if (std::ranges::all_of(callers_, has_ended)) return *main_;
  if (happens_in(kTimePasses)) let_time_pass(now_ + kNear);
  auto candidates = ready();
  while (candidates.empty()) {
    if (!let_time_pass(TimePoint::max())) give_up("everybody waits for another");
    candidates = ready();
  }
  return *candidates[choose(candidates.size())];
}

void SeededScheduler::pass_turn() {
  Caller& self = *current_;
  Caller& next = choose_next();
  next.state = Caller::State::kReady;
  if (&next == &self) return;
  current_ = &next;
  running_scheduler = &next == main_.get() ? nullptr : this;
  trace_ += next.name;
  self.exceptions = exchange_exceptions(next.exceptions);
  swapcontext(&self.context, &next.context);
}

void SeededScheduler::reach_point() {
  if (happens_in(kGivesUpTurn)) pass_turn();
}

void SeededScheduler::begin_wait(const void* object, TimePoint deadline) {
  current_->state = Caller::State::kWaiting;
  current_->waits_for = object;
  current_->deadline = happens_in(kWakesForNothing) ? now_ : deadline;
}

void SeededScheduler::block_on(const void* mutex) {
  current_->state = Caller::State::kBlocked;
  current_->waits_for = mutex;
  pass_turn();
}

void SeededScheduler::unlocked(const void* mutex) {
  for (const auto& caller : callers_) {
    const bool is_blocked = caller->state == Caller::State::kBlocked && caller->waits_for == mutex;
    if (is_blocked) caller->state = Caller::State::kReady;
  }
}

void SeededScheduler::wake_one(const void* condition) {
  const auto waiters = waiting_for(condition);
  if (!waiters.empty()) waiters[choose(waiters.size())]->state = Caller::State::kReady;
}

void SeededScheduler::wake_all(const void* condition) {
  for (Caller* waiter : waiting_for(condition)) waiter->state = Caller::State::kReady;
}

std::chrono::system_clock::time_point SeededScheduler::wall_now() const {
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(now_.time_since_epoch()));
}

void SeededScheduler::wait_until(std::condition_variable& condition, std::unique_lock<std::mutex>& lock,
                                 TimePoint deadline) {
  begin_wait(condition.native_handle(), deadline);
  lock.unlock();
  pass_turn();
  lock.lock();
}

void SeededScheduler::sleep_until(TimePoint deadline) {
  while (now_ < deadline) {
    begin_wait(nullptr, deadline);
    pass_turn();
  }
}

void SeededScheduler::give_up(const char* what) const {
  std::fprintf(stderr, "WEIR_REPLAY_SEED=%llu: %s; turns so far: %s\n",
               static_cast<unsigned long long>(seed_), what, trace_.c_str());
  std::abort();
}

void for_seeds(const std::function<void(SeededScheduler&)>& body) {
  const int only = environment_number("WEIR_REPLAY_SEED", 0);
  const int first = only > 0 ? only : 1;
  const int last = only > 0 ? only : environment_number("WEIR_REPLAY_SEEDS", 500);
  for (int seed = first; seed <= last; ++seed) {
    INFO("WEIR_REPLAY_SEED=" << seed << " replays this");
    SeededScheduler scheduler(static_cast<std::uint64_t>(seed));
    body(scheduler);
  }
}

}  // namespace weir::testing
