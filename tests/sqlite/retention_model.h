#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "weir/history/event.h"
#include "weir/history/retention_options.h"

namespace weir::testing {

/// Events by their places in a list, first a tool call and then a result of it: what docs/retention.md says,
/// looked up event by event.
std::vector<std::pair<std::size_t, std::size_t>> tool_pairs_of(const std::vector<history::Event>& events);

/// How many of the first events the policy lets go.
std::size_t events_that_go(const std::vector<history::Event>& events, const history::RetentionOptions& policy,
                           history::Timestamp now);

/// Conversations with tool calls: answered at once or much later, twice or never, with ids or without.
class RandomConversation {
 public:
  explicit RandomConversation(std::uint64_t seed) : random_(seed) {}

  /// The timestamps fall mostly, but not always, in the order of the events, over 100 days before `now`.
  std::vector<history::NewEvent> events(const history::ConversationId& conversation, std::size_t count,
                                        history::Timestamp now);
  std::int64_t below(std::int64_t end) {
    return std::uniform_int_distribution<std::int64_t>(0, end - 1)(random_);
  }

 private:
  history::NewEvent event(const history::ConversationId& conversation);
  history::ToolCallId some_id();

  std::mt19937_64 random_;
};

}  // namespace weir::testing
