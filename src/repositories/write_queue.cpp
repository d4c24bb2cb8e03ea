#include "weir/repositories/write_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "weir/history/error.h"
#include "weir/repositories/call_text.h"
#include "weir/repositories/retry_policy.h"

namespace weir::repositories {
namespace {

using history::Error;
using history::ErrorCode;

/// An error like `error` that shares nothing with it: several threads hear of it, and what an exception
/// shares with its copies is counted inside the standard library, out of the thread sanitizer's sight.
std::exception_ptr another(const std::exception_ptr& error) {
  if (!error) return nullptr;
  try {
    std::rethrow_exception(error);
  } catch (const LockedError& locked) {
    return std::make_exception_ptr(LockedError(std::string(locked.what())));
  } catch (const Error& other) {
    return std::make_exception_ptr(Error(other.code(), std::string(other.what()), other.field()));
  } catch (...) {
    return error;
  }
}

}  // namespace

WriteQueue::WriteQueue(std::string name, const WriteGroupOptions& options, Clock& clock, Run run)
    : name_(std::move(name)), options_(options), clock_(clock), run_(std::move(run)) {}

void WriteQueue::submit(Member& member, std::size_t max_waiters) {
  std::unique_lock lock(mutex_);
  const bool must_wait = leading_ || !line_.empty();
  if (must_wait && line_.size() >= max_waiters) {
    throw Error(ErrorCode::kOverloaded,
                name_ + ": " + std::to_string(line_.size()) + " writes wait already, no more may");
  }
  enqueue(member);
  while (member.state_ != State::kDone) {
    const bool is_waiting = member.state_ == State::kWaiting;
    if (is_waiting && !leading_ && line_.front() == &member) {
      lead(member, lock);
      continue;
    }
    const TimePoint now = clock_.now();
    if (is_waiting && now >= member.call.deadline) {
      std::string explanation = describe_timeout(member, now);
      std::erase(line_, &member);
      if (!leading_) wake_first();
      throw Error(ErrorCode::kTimeout, explanation);
    }
    clock_.wait_until(member.woken_, lock, is_waiting ? member.call.deadline : TimePoint::max());
  }
  if (member.error_) std::rethrow_exception(member.error_);
}

void WriteQueue::enqueue(Member& member) {
  // Almost always at the end; one that tries again, or was put back, returns to its own place.
  auto place = line_.end();
  while (place != line_.begin() && (*std::prev(place))->call.arrived > member.call.arrived) --place;
  line_.insert(place, &member);
  member.state_ = State::kWaiting;
}

void WriteQueue::lead(Member& member, std::unique_lock<std::mutex>& lock) {
  leading_ = Call{member.call.operation, clock_.now(), member.call.deadline};
  member.state_ = State::kLeading;
  line_.pop_front();
  lock.unlock();
  Group group(*this, member);
  std::exception_ptr error;
  try {
    run_(group);
  } catch (...) {
    error = std::current_exception();
  }
  lock.lock();
  settle(group, error);
}

void WriteQueue::settle(Group& group, const std::exception_ptr& error) {
  leading_.reset();
  wake_first();  // before the others: it is what the next group waits for
  for (Member* member : group.members_) end(*member, another(error));
  if (group.leader_.state_ == State::kLeading) end(group.leader_, another(error));
}

void WriteQueue::end(Member& member, std::exception_ptr error) {
  member.error_ = std::move(error);
  member.state_ = State::kDone;
  member.woken_.notify_one();
}

void WriteQueue::wake_first() {
  if (!line_.empty()) line_.front()->woken_.notify_one();
}

std::size_t WriteQueue::waiters() const {
  const std::lock_guard lock(mutex_);
  return line_.size();
}

std::string WriteQueue::describe_timeout(const Member& member, TimePoint now) const {
  const auto place = std::ranges::find(line_, &member);
  const auto position = static_cast<std::size_t>(std::distance(line_.begin(), place)) + 1;
  return describe_timed_out(name_, member.call, now, position) + "; waiting " + std::to_string(line_.size()) +
         "; held by: " +
         (leading_ ? describe_holder(leading_->operation, now - leading_->arrived) : "nobody");
}

WriteQueue::Member* WriteQueue::Group::next() {
  const std::lock_guard lock(queue_.mutex_);
  Member* member = &leader_;
  if (taken_ == 0) {
    began_ = queue_.clock_.now();
  } else {
    if (queue_.line_.empty() || !has_room_for(*queue_.line_.front())) return nullptr;
    member = queue_.line_.front();
    queue_.line_.pop_front();
  }
  member->state_ = State::kTaken;
  members_.push_back(member);
  ++taken_;
  bytes_ += std::min(member->bytes, queue_.options_.max_bytes);
  return member;
}

bool WriteQueue::Group::has_room_for(const Member& member) const {
  const WriteGroupOptions& bounds = queue_.options_;
  return taken_ < bounds.max_members && bytes_ < bounds.max_bytes &&
         member.bytes <= bounds.max_bytes - bytes_ && queue_.clock_.now() - began_ < bounds.max_time;
}

void WriteQueue::Group::fail(Member& member, std::exception_ptr error) {
  const std::lock_guard lock(queue_.mutex_);
  std::erase(members_, &member);
  queue_.end(member, std::move(error));
}

void WriteQueue::Group::put_back_others(const Member& culprit) {
  const std::lock_guard lock(queue_.mutex_);
  for (Member* member : members_) {
    if (member == &culprit) continue;
    queue_.enqueue(*member);
    member->woken_.notify_one();  // its deadline counts again
  }
  std::erase_if(members_, [&](const Member* member) { return member != &culprit; });
}

}  // namespace weir::repositories
