#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir::history {

enum class RetentionPolicy : std::size_t { kUnlimited, kTokenLimit, kMessageCount, kTimeBased };
inline constexpr std::array<std::string_view, 4> kRetentionPolicyNames = {"unlimited", "token_limit",
                                                                          "message_count", "time_based"};

constexpr std::string_view to_string(RetentionPolicy policy) {
  return kRetentionPolicyNames[static_cast<std::size_t>(policy)];
}

/// What of a conversation is kept. Nothing is deleted unasked.
struct RetentionOptions {
  RetentionPolicy policy = RetentionPolicy::kUnlimited;
  std::int64_t max_tokens_per_conversation = 8000;
  std::int64_t max_messages_per_conversation = 100;
  std::int64_t retention_days = 30;
  std::chrono::duration<double> interval{300.0};  ///< seconds between two passes in the background
};

}  // namespace weir::history
