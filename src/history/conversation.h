#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "weir/history/event.h"

namespace weir::history {

/// A conversation as a list shows it.
struct Conversation {
  ConversationId id;
  std::optional<std::string> title{};
  std::int64_t event_count = 0;
  Seq last_seq = 0;  ///< the last number given out; 0 before the first event
  Timestamp created_at{};
  Timestamp updated_at{};  ///< when an event was last appended
  std::string preview{};   ///< the first kPreviewCharacters of the last user or assistant message

  friend bool operator==(const Conversation&, const Conversation&) = default;
};

inline constexpr std::size_t kPreviewCharacters = 100;

struct ConversationPage {
  std::vector<Conversation> conversations;
  std::optional<std::string> next;  ///< what to pass as `after` for the next page; absent on the last
};

}  // namespace weir::history
