#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weir/history/chat_repository.h"
#include "weir/history/memory.h"
#include "weir/history/summariser.h"
#include "weir/history/summary_repository.h"

namespace weir::history {

struct MemoryOptions {
  std::string default_conversation = "default";
  std::size_t summary_batch = 20;  ///< messages that one summary stands for
};

/// Something said, by whoever said it and however.
struct NewMessage {
  ConversationId conversation_id;
  Role speaker;  ///< kUser or kAssistant
  std::string text;
  std::optional<std::string> modality{};  ///< as `chat` or `voice`; kept as `extra.modality`
  std::optional<RequestId> request_id{};
};

/// What a model is given of a conversation: summaries of its beginning, and its end word by word.
struct Context {
  std::vector<Summary> summaries;
  std::vector<Event> messages;
  std::int64_t summarized_count = 0;

  std::int64_t verbatim_count() const { return static_cast<std::int64_t>(messages.size()); }
  std::int64_t total_messages() const { return summarized_count + verbatim_count(); }
};

/// A chat application's memory: what it asks of conversations, in its own words.
///
/// Several modalities of one user may share a conversation at the same time: all see one memory in one order.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Lifetime: repositories and summariser outlive it.
/// Blocking: as they do.
/// Errors: history::Error from the repositories; what the summariser throws.
class MemoryService {
 public:
  MemoryService(ChatRepository& conversations, SummaryRepository& summaries, Summariser& summariser,
                MemoryOptions options);

  /// The conversation of whoever names none; the same one however many ask for it first.
  Conversation default_conversation();

  /// The conversation is called after its first user message unless it was given a title.
  Appended append(const NewMessage& message);

  /// Takes back what was appended last, as after an error. False when there is nothing.
  bool remove_last(const ConversationId& conversation_id);

  /// The most recent messages, at most `limit`, in order.
  std::vector<Event> messages(const ConversationId& conversation_id, std::size_t limit);

  /// The end of the conversation word by word, and a summary for each batch of messages before it. What has
  /// no summary yet is summarised and stored.
  Context context(const ConversationId& conversation_id, const Verbatim& verbatim);

 private:
  /// The beginning of `run`, without a batch that is not full.
  std::vector<Event> whole_batches(const std::vector<Event>& run) const;
  /// Stores what can be of messages of which there are more.
  void store_portion(const ConversationId& conversation_id, const ContextSource& source);

  struct Summarising {
    const ContextSource& source;
    BatchFill rest;  ///< what the end of a run is that does not fill a batch
  };
  void summarise_run(const ConversationId& conversation_id, const Summarising& how,
                     const std::vector<Event>& run, Context& context);
  Summary summary_of(const ConversationId& conversation_id, const Summarising& how,
                     const std::vector<Event>& batch);

  ChatRepository& conversations_;
  SummaryRepository& summaries_;
  Summariser& summariser_;
  const MemoryOptions options_;
};

}  // namespace weir::history
