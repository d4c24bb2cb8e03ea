#include "sqlite/retention_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

namespace weir::testing {

using namespace history;

namespace {

bool is_result(const Event& event) {
  return event.type == EventType::kToolResult;
}

bool is_message(const Event& event) {
  return event.type == EventType::kUserMessage || event.type == EventType::kAssistantMessage;
}

std::set<std::string> called_by(const Event& event) {
  std::set<std::string> ids;
  if (event.type == EventType::kToolCall && event.tool_call_id) ids.insert(event.tool_call_id->value());
  if (!event.tool_calls) return ids;
  for (const auto& call : nlohmann::json::parse(event.tool_calls->text())) {
    if (call.contains("id")) ids.insert(call["id"].get<std::string>());
  }
  return ids;
}

bool calls(const Event& event) {
  return event.type == EventType::kToolCall || event.tool_calls;
}

bool only_results_between(const std::vector<Event>& events, std::size_t first, std::size_t end) {
  return std::all_of(events.begin() + static_cast<std::ptrdiff_t>(first) + 1,
                     events.begin() + static_cast<std::ptrdiff_t>(end), is_result);
}

/// `called`: of each event, the ids that it calls.
std::optional<std::size_t> call_of(const std::vector<Event>& events,
                                   const std::vector<std::set<std::string>>& called, std::size_t result) {
  const auto& id = events[result].tool_call_id;
  std::optional<std::size_t> earlier_result;  // the first of this call
  for (std::size_t i = result; i-- > 0 && id;) {
    if (called[i].contains(id->value())) {
      if (!earlier_result || only_results_between(events, *earlier_result, result)) return i;
      break;
    }
    if (is_result(events[i]) && events[i].tool_call_id == id) earlier_result = i;
  }
  for (std::size_t i = result; i-- > 0;) {
    if (is_result(events[i])) continue;
    return calls(events[i]) && called[i].empty() ? std::optional(i) : std::nullopt;
  }
  return std::nullopt;
}

std::size_t by_messages(const std::vector<Event>& events, std::int64_t limit) {
  const auto count = std::ranges::count_if(events, is_message);
  if (count <= limit) return 0;
  std::size_t go = 0;
  for (auto left = count; !(is_message(events[go]) && left == limit); ++go) {
    if (is_message(events[go])) --left;
  }
  return go;
}

std::size_t by_tokens(const std::vector<Event>& events, std::int64_t limit) {
  std::size_t go = events.size();
  for (std::int64_t sum = 0; go > 0 && sum + events[go - 1].token_count <= limit; --go) {
    sum += events[go - 1].token_count;
  }
  return go;
}

std::size_t by_age(const std::vector<Event>& events, Timestamp keep_from) {
  const auto young = std::ranges::find_if(events, [&](const Event& e) { return e.timestamp >= keep_from; });
  return static_cast<std::size_t>(young - events.begin());
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> tool_pairs_of(const std::vector<Event>& events) {
  std::vector<std::set<std::string>> called;
  for (const Event& event : events) called.push_back(called_by(event));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!is_result(events[i])) continue;
    if (const auto call = call_of(events, called, i)) pairs.emplace_back(*call, i);
  }
  return pairs;
}

std::size_t events_that_go(const std::vector<Event>& events, const RetentionOptions& policy, Timestamp now) {
  using enum RetentionPolicy;
  std::size_t go = 0;
  if (policy.policy == kMessageCount) go = by_messages(events, policy.max_messages_per_conversation);
  if (policy.policy == kTokenLimit) go = by_tokens(events, policy.max_tokens_per_conversation);
  if (policy.policy == kTimeBased) go = by_age(events, now - std::chrono::days(policy.retention_days));
  const auto pairs = tool_pairs_of(events);
  for (;;) {
    const auto torn =
        std::ranges::find_if(pairs, [&](const auto& pair) { return pair.first < go && pair.second >= go; });
    if (torn == pairs.end()) return go;
    go = policy.policy == kTimeBased ? torn->first : torn->second + 1;
  }
}

std::vector<NewEvent> RandomConversation::events(const ConversationId& conversation, std::size_t count,
                                                 Timestamp now) {
  std::vector<NewEvent> events;
  const auto span = static_cast<std::int64_t>(count);
  for (std::int64_t i = 0; i < span; ++i) {
    events.push_back(event(conversation));
    const std::int64_t hours_ago = 2400 - 2400 * i / span + below(40);
    events.back().timestamp = now - std::chrono::hours(hours_ago);
    events.back().token_count = below(10);
  }
  return events;
}

NewEvent RandomConversation::event(const ConversationId& conversation) {
  switch (below(8)) {
    case 0:
    case 1:
      return {conversation, EventType::kUserMessage};
    case 2:
      return {conversation, below(2) == 0 ? EventType::kMeta : EventType::kSystemUpdate};
    case 3: {
      NewEvent calls{conversation, EventType::kAssistantMessage};
      const std::string first = R"([{"id":")" + some_id().value() + R"("})";
      calls.tool_calls =
          JsonText::parse(below(6) == 0   ? R"([{"type":"function"}])"
                          : below(2) == 0 ? first + "]"
                                          : first + R"(,{"id":")" + some_id().value() + R"("}])");
      return calls;
    }
    case 4: {
      NewEvent call{conversation, EventType::kToolCall};
      if (below(4) != 0) call.tool_call_id = some_id();
      return call;
    }
    default: {
      NewEvent result{conversation, EventType::kToolResult};
      if (below(6) != 0) result.tool_call_id = some_id();
      return result;
    }
  }
}

ToolCallId RandomConversation::some_id() {
  return ToolCallId("t" + std::to_string(below(30)));
}

}  // namespace weir::testing
