#include "weir/service/frame_channel.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "weir/service/chat_frames.h"

namespace weir::service {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMostWaiting = 16;

}  // namespace

void FrameChannel::push(std::string frame) {
  add({Kind::kFrame, std::move(frame)});
}

void FrameChannel::push_delta(std::string_view content) {
  add({Kind::kDelta, std::string(content)});
}

void FrameChannel::close() {
  std::unique_lock lock(mutex_);
  is_closed_ = true;
  wake(std::move(lock));
}

bool FrameChannel::joins_last(const Entry& entry) const {
  return entry.kind == Kind::kDelta && entries_.size() >= kMostWaiting &&
         entries_.back().kind == Kind::kDelta;
}

void FrameChannel::add(Entry entry) {
  std::unique_lock lock(mutex_);
  if (joins_last(entry)) {
    entries_.back().text += entry.text;
  } else {
    entries_.push_back(std::move(entry));
  }
  wake(std::move(lock));
}

/// Whoever awaits set is_awaited_ on the strand and waits before it leaves it, so what is posted comes after.
void FrameChannel::wake(std::unique_lock<std::mutex> lock) {
  const bool is_awaited = std::exchange(is_awaited_, false);
  lock.unlock();
  if (is_awaited) asio::post(strand_, [self = shared_from_this()] { self->wake_.cancel(); });
}

FrameChannel::State FrameChannel::look() {
  const std::scoped_lock lock(mutex_);
  if (!entries_.empty()) return State::kHasFrame;
  if (is_closed_) return State::kClosed;
  is_awaited_ = true;
  return State::kEmpty;
}

std::string FrameChannel::take() {
  std::unique_lock lock(mutex_);
  Entry entry = std::move(entries_.front());
  entries_.pop_front();
  lock.unlock();
  return entry.kind == Kind::kDelta ? delta_frame(entry.text) : std::move(entry.text);
}

asio::awaitable<std::optional<std::string>> FrameChannel::next() {
  State state = look();
  while (state == State::kEmpty) {
    wake_.expires_at(asio::steady_timer::time_point::max());
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
    state = look();
  }
  if (state == State::kClosed) co_return std::nullopt;
  co_return take();
}

}  // namespace weir::service
