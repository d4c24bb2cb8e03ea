#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "weir/repositories/call.h"
#include "weir/repositories/observer.h"

namespace weir::repositories {

/// From when on a call, or what it keeps from others, is worth a line in the log.
struct SlowLogOptions {
  Seconds operation{1.0};  ///< from its arrival to its end
  Seconds hold{0.5};       ///< of a connection that reads, or of the write ticket
};

/// Writes lines about what took long: which operation, and where its time went; never what it was about.
///
/// At most ten lines in ten seconds. Where more would be written, the first one after says how many were not.
///
/// Thread-safety: every member may be called from any thread. Lifetime: `clock` outlives it.
/// Blocking: never; what is not slow costs two comparisons.
class SlowLog {
 public:
  SlowLog(const SlowLogOptions& options, Clock& clock);
  SlowLog(const SlowLog&) = delete;
  SlowLog& operator=(const SlowLog&) = delete;

  /// A call ended, `took` after it arrived. Nothing is said of one without times.
  void operation_ended(const Call& call, Outcome outcome, Duration took);

  /// The write ticket was held for `times.held`, on behalf of `operation`.
  void ticket_held(Operation operation, const CallTimes& times);

 private:
  void write(const std::string& line);
  bool may_write(std::size_t& left_out);

  const SlowLogOptions options_;
  Clock& clock_;

  std::mutex mutex_;
  // Guarded by mutex_.
  TimePoint window_began_ = TimePoint::min();
  std::size_t lines_ = 0;     // of this window
  std::size_t left_out_ = 0;  // since the last line
};

/// Tells the log of the write ticket, once it has been given back: stands before what holds it.
///
/// Thread-safety: none. Lifetime: what it is given outlives it.
class [[nodiscard]] TicketTimer {
 public:
  TicketTimer(SlowLog& log, const Call& call, const Clock& clock) : log_(log), call_(call), clock_(clock) {}
  TicketTimer(const TicketTimer&) = delete;
  TicketTimer& operator=(const TicketTimer&) = delete;
  ~TicketTimer();

  /// The ticket was taken.
  void begin() { began_ = clock_.now(); }

 private:
  SlowLog& log_;
  const Call& call_;
  const Clock& clock_;
  std::optional<TimePoint> began_;
};

}  // namespace weir::repositories
