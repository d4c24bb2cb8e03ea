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
  kPutConversation,
  kFindConversation,
  kRecentMessages,
  kCompactReply,
  kContextSource,
  kStoreSummary,
  kSummaries,
  kClearSummaries,
  kFindSetting,
  kListSettings,
  kSetSetting,
  kDeleteSetting,
  kPersonality,
  kUpdateTrait,
  kTraitHistory,
  kSearch,
  kApplyRetention,
  kHealthCheck,
  kAnalyze,
  kCheckpoint,
  kIndexSearch,
  kRemoveDeleted,
  kClose,
};

/// The verbs of the interfaces, which stand first; metrics count these.
inline constexpr std::array<std::string_view, 32> kVerbNames = {"open",
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
                                                                "put_conversation",
                                                                "find_conversation",
                                                                "recent_messages",
                                                                "compact_reply",
                                                                "context_source",
                                                                "store_summary",
                                                                "summaries",
                                                                "clear_summaries",
                                                                "find_setting",
                                                                "list_settings",
                                                                "set_setting",
                                                                "delete_setting",
                                                                "personality",
                                                                "update_trait",
                                                                "trait_history",
                                                                "search",
                                                                "apply_retention"};

inline constexpr std::array<std::string_view, 6> kUpkeepNames = {
    "health_check", "analyze", "checkpoint", "index_search", "remove_deleted", "close"};

constexpr std::string_view to_string(Operation operation) {
  const auto index = static_cast<std::size_t>(operation);
  return index < kVerbNames.size() ? kVerbNames[index] : kUpkeepNames[index - kVerbNames.size()];
}

}  // namespace weir::repositories
