#pragma once

#include <memory>
#include <string>
#include <utility>

#include "weir/repositories/file_id.h"
#include "weir/repositories/slot_queue.h"

namespace weir::repositories {

/// The right to write to one database file, held by one caller in the process at a time (invariant I2).
///
/// Whoever writes, checkpoints, vacuums or closes the last connection holds it from before BEGIN to after
/// COMMIT or ROLLBACK. It goes round in order of arrival, from hand to hand.
///
/// Thread-safety: every member may be called from any thread.
/// Lifetime: outlives its holds.
class WriteTicket {
 public:
  /// The ticket while it is held. Passed on when destroyed.
  class [[nodiscard]] Hold {
   public:
    Hold(Hold&& other) noexcept : ticket_(std::exchange(other.ticket_, nullptr)) {}
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    Hold& operator=(Hold&&) = delete;
    ~Hold() {
      if (ticket_ != nullptr) ticket_->queue_.release_open(0);
    }

   private:
    friend class WriteTicket;
    explicit Hold(WriteTicket& ticket) : ticket_(&ticket) {}

    WriteTicket* ticket_;
  };

  WriteTicket(const std::string& file_name, Clock& clock)
      : queue_("the write ticket of " + file_name, 1, clock) {}

  /// Blocking: until the call's deadline.
  /// Errors: kOverloaded, kTimeout as SlotQueue::acquire, naming the holder.
  Hold take(const Call& call, std::size_t max_waiters) {
    queue_.acquire(call, max_waiters);
    return Hold(*this);
  }

  std::size_t waiters() const { return queue_.state().waiters; }

 private:
  SlotQueue queue_;
};

/// The ticket of the file with this id: the same one for everybody in the process who writes to it. The one
/// global of the project, because two repositories on a file need not know of each other.
///
/// Thread-safety: may be called from any thread. Lifetime: `clock` outlives the ticket.
std::shared_ptr<WriteTicket> write_ticket_of(const FileId& file, const std::string& file_name, Clock& clock);

}  // namespace weir::repositories
