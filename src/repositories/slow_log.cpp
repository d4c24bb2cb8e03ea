#include "weir/repositories/slow_log.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace weir::repositories {
namespace {

constexpr std::size_t kMostLines = 10;
constexpr Duration kWindow = std::chrono::seconds{10};

double seconds(Duration duration) {
  return Seconds(duration).count();
}

/// What a commit stored, and how many calls shared it; nothing of a call that committed nothing.
std::string commit_text(const CallTimes& times) {
  if (times.batch == 0) return {};
  return fmt::format(", commit {:.3f} s, rows {}, batch {}", seconds(times.commit), times.rows, times.batch);
}

}  // namespace

SlowLog::SlowLog(const SlowLogOptions& options, Clock& clock) : options_(options), clock_(clock) {}

void SlowLog::operation_ended(const Call& call, Outcome outcome, Duration took) {
  if (call.times == nullptr) return;
  const CallTimes& times = *call.times;
  const bool is_slow = took >= options_.operation;
  // Who commits holds the ticket, of which whoever has committed for all has told.
  const bool holds_long = times.batch == 0 && times.held >= options_.hold;
  if (!is_slow && !holds_long) return;
  // A call that never got what it waited for has waited for all of its time.
  const Duration waited = times.is_begun ? times.waited : took;
  write(fmt::format("{}: {} {} took {:.3f} s: wait {:.3f} s, hold {:.3f} s{}",
                    is_slow ? "slow operation" : "long hold", to_string(call.operation),
                    kOutcomeNames[static_cast<std::size_t>(outcome)], seconds(took), seconds(waited),
                    seconds(times.held), commit_text(times)));
}

void SlowLog::ticket_held(Operation operation, const CallTimes& times) {
  if (times.held < options_.hold) return;
  write(fmt::format("long hold: {} had the write ticket: wait {:.3f} s, hold {:.3f} s{}",
                    to_string(operation), seconds(times.waited), seconds(times.held), commit_text(times)));
}

void SlowLog::write(const std::string& line) {
  std::size_t left_out = 0;
  if (!may_write(left_out)) return;
  if (left_out > 0) spdlog::warn("{} more lines about what took long were left out", left_out);
  spdlog::warn("{}", line);
}

TicketTimer::~TicketTimer() {
  if (!began_) return;
  CallTimes times = call_.times != nullptr ? *call_.times : CallTimes{};
  times.waited = *began_ - call_.arrived;
  times.held = clock_.now() - *began_;
  log_.ticket_held(call_.operation, times);
}

bool SlowLog::may_write(std::size_t& left_out) {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  if (lines_ == 0 || now - window_began_ >= kWindow) {
    window_began_ = now;
    lines_ = 0;
  }
  if (lines_ == kMostLines) {
    ++left_out_;
    return false;
  }
  ++lines_;
  left_out = std::exchange(left_out_, 0);
  return true;
}

}  // namespace weir::repositories
