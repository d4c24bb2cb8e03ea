#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::benchmark {

struct WorkloadSize {
  std::size_t events = 200'000;
  std::size_t conversations = 1'000;
};

/// One message to store. What an event has besides is left out, as most messages do.
struct Sample {
  std::size_t number;  ///< of the message in the workload, from 0
  std::size_t conversation;
  bool is_user;            ///< else the assistant's
  std::string request_id;  ///< empty for the assistant's
  std::string content;
};

/// The messages that fill a database, and those that are appended to it: history-v1.
///
/// Everything follows from a number: the same in every lane and every process. The first size().events
/// messages are in the database; conversations take turns in an order that looks random, so their messages
/// were stored interleaved, as a chat service stores them.
///
/// Thread-safety: every member may be called from any thread.
class Workload {
 public:
  explicit Workload(WorkloadSize size);

  const WorkloadSize& size() const { return size_; }
  /// Messages that each conversation has at least.
  std::size_t conversation_length() const { return size_.events / size_.conversations; }

  Sample sample(std::size_t number) const;
  std::size_t conversation_of(std::size_t number) const;
  std::string content_of(std::size_t number) const;
  /// Whether `content` is that of message `number`; looks at its length and its beginning.
  bool is_content_of(std::size_t number, std::string_view content) const;

  static std::string conversation_id(std::size_t conversation);
  /// A UUID of version 4, as the reference service gives, in random order.
  static std::string random_id(std::size_t number);
  /// A UUID of version 7, as weir gives, in rising order.
  static std::string rising_id(std::size_t number);

 private:
  WorkloadSize size_;
  std::size_t stride_;  // shares no factor with the number of conversations
};

/// A number that looks random and follows from `seed` (the finalizer of SplitMix64).
std::uint64_t mix(std::uint64_t seed);

}  // namespace weir::benchmark
