#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace weir::repositories {

/// What a repository can be asked to do: the verbs of its interfaces, and the upkeep that holds its
/// connections. A closed set, for it labels leases, log lines and metrics.
enum class Operation : std::size_t {
  kOpen,
  kAddEvent,
  kAddEvents,
  kImportEvents,
  kEvents,
  kRecentWithinTokens,
  kFindEvent,
  kFindByRequest,
  kExists,
  kListConversations,
  kConversationIds,
  kLastAssistantReply,
  kRemoveLastEvent,
  kDeleteConversation,
  kClearAll,
  kHealthCheck,
  kAnalyze,
  kClose,
};

inline constexpr std::array<std::string_view, 18> kOperationNames = {"open",
                                                                     "add_event",
                                                                     "add_events",
                                                                     "import_events",
                                                                     "events",
                                                                     "recent_within_tokens",
                                                                     "find_event",
                                                                     "find_by_request",
                                                                     "exists",
                                                                     "list_conversations",
                                                                     "conversation_ids",
                                                                     "last_assistant_reply",
                                                                     "remove_last_event",
                                                                     "delete_conversation",
                                                                     "clear_all",
                                                                     "health_check",
                                                                     "analyze",
                                                                     "close"};

inline constexpr std::size_t kOperationCount = kOperationNames.size();

constexpr std::string_view to_string(Operation operation) {
  return kOperationNames[static_cast<std::size_t>(operation)];
}

}  // namespace weir::repositories
