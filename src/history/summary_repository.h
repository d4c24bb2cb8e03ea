#pragma once

#include <optional>
#include <vector>

#include "weir/history/call_options.h"
#include "weir/history/memory.h"

namespace weir::history {

/// Summaries of conversations.
///
/// Thread-safety, Lifetime, Blocking, Errors: as ChatRepository.
class SummaryRepository {
 public:
  SummaryRepository() = default;
  SummaryRepository(const SummaryRepository&) = delete;
  SummaryRepository& operator=(const SummaryRepository&) = delete;
  virtual ~SummaryRepository() = default;

  /// What a context of the conversation is made from. Empty for an unknown one.
  virtual ContextSource context_source(const ConversationId& conversation_id, const Verbatim& verbatim,
                                       const CallOptions& options = {}) = 0;

  /// Stores `summary` unless there is one of this batch: that one is the answer, so that a batch is
  /// summarised once however many try. A shorter one replaces a shorter one that covers other messages.
  /// Absent, and nothing is stored, when the messages it was made from have changed meanwhile.
  virtual std::optional<Summary> store_summary(const ConversationId& conversation_id,
                                               const NewSummary& summary,
                                               const CallOptions& options = {}) = 0;

  /// All that are stored, by seq.
  virtual std::vector<Summary> summaries(const ConversationId& conversation_id,
                                         const CallOptions& options = {}) = 0;

  /// Removes them all. False when there is no such conversation.
  virtual bool clear_summaries(const ConversationId& conversation_id, const CallOptions& options = {}) = 0;
};

}  // namespace weir::history
