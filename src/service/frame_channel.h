#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace weir::service {

/// What answers one message, on its way from the thread that answers to the socket's strand.
///
/// The thread never waits for the socket: when 16 frames wait already, further deltas join the last one. So a
/// slow client gets fewer and longer deltas, and what waits for it is never more than its answer.
///
/// Thread-safety: push(), push_delta() and close() may be called from any one thread at a time; next() is of
/// the strand. Lifetime: held by a shared_ptr. The strand's io_context outlives the calls.
class FrameChannel : public std::enable_shared_from_this<FrameChannel> {
 public:
  explicit FrameChannel(boost::asio::any_io_executor strand) : strand_(std::move(strand)), wake_(strand_) {}
  FrameChannel(const FrameChannel&) = delete;
  FrameChannel& operator=(const FrameChannel&) = delete;
  ~FrameChannel() = default;

  void push(std::string frame);
  void push_delta(std::string_view content);
  /// No more frames.
  void close();

  /// The next frame; absent after the last.
  boost::asio::awaitable<std::optional<std::string>> next();

 private:
  enum class Kind { kFrame, kDelta };
  struct Entry {
    Kind kind;
    std::string text;  // of a delta: its content
  };
  enum class State { kHasFrame, kEmpty, kClosed };

  bool joins_last(const Entry& entry) const;
  void add(Entry entry);
  void wake(std::unique_lock<std::mutex> lock);
  State look();
  std::string take();

  const boost::asio::any_io_executor strand_;
  boost::asio::steady_timer wake_;  // the strand's only; never fires, is cancelled

  std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Entry> entries_;
  bool is_closed_ = false;
  bool is_awaited_ = false;  // next() waits, or is about to
};

}  // namespace weir::service
