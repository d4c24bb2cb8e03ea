#pragma once

#include <cstdint>

namespace weir::history {

enum class RetentionPolicy { kUnlimited, kTokenLimit, kMessageCount, kTimeBased };

/// What of a conversation is kept. Nothing is deleted unasked.
struct RetentionOptions {
  RetentionPolicy policy = RetentionPolicy::kUnlimited;
  std::int64_t max_tokens_per_conversation = 8000;
  std::int64_t max_messages_per_conversation = 100;
  std::int64_t retention_days = 30;
};

}  // namespace weir::history
