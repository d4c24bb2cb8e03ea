#include "weir/repositories/sqlite/context_reads.h"

#include <algorithm>
#include <limits>

#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/event_row.h"
#include "weir/repositories/sqlite/summary_row.h"
#include "weir/repositories/sqlite/transaction.h"

namespace weir::repositories::sqlite {
namespace {

using namespace history;

/// Whether one more message belongs to the verbatim part.
class VerbatimBudget {
 public:
  explicit VerbatimBudget(const Verbatim& verbatim) {
    if (const auto* count = std::get_if<VerbatimCount>(&verbatim))
      messages_ = std::min(count->messages, kMostVerbatim);
    if (const auto* tokens = std::get_if<VerbatimTokens>(&verbatim)) tokens_ = tokens->max_tokens;
  }

  bool take(std::int64_t tokens) {
    if (messages_ == 0 || tokens > tokens_) return false;
    --messages_;
    tokens_ -= tokens;
    return true;
  }

 private:
  std::size_t messages_ = kMostVerbatim;
  // What the one that was not asked for never uses up.
  std::int64_t tokens_ = std::numeric_limits<std::int64_t>::max();
};

std::vector<Event> read_verbatim(Connection& connection, const ConversationId& conversation_id,
                                 const Verbatim& verbatim) {
  auto run = connection.statements().events.messages_down.run();
  constexpr std::int64_t kNoLimit = -1;
  run.bind(conversation_id.value()).bind(kNoLimit);
  VerbatimBudget budget(verbatim);
  std::vector<Event> messages;
  while (run.step() && budget.take(run.integer(kTokenCountColumn))) {
    messages.push_back(read_event(run, conversation_id));
  }
  std::ranges::reverse(messages);
  return messages;
}

std::vector<StoredSummary> read_stored(Connection& connection, std::int64_t conversation) {
  auto run = connection.statements().summaries.of_conversation.run();
  run.bind(conversation);
  std::vector<StoredSummary> stored;
  while (run.step()) stored.push_back(read_stored_summary(run));
  return stored;
}

/// Goes up the conversation: stored summaries, and the messages between them.
class Walk {
 public:
  Walk(Connection& connection, const ConversationId& conversation_id, std::int64_t number)
      : connection_(connection), conversation_id_(conversation_id), number_(number) {}

  /// Messages that no summary covers, up to `end`, which is left out.
  void pass_messages(Seq end) {
    auto run = connection_.statements().events.messages_between.run();
    // Just behind the last one there can be stands the next conversation: a sum, where place_of() would mix.
    run.bind(place_of(number_, passed_)).bind(place_of(number_, 0) + end);
    std::vector<Event> messages;
    while (source_.is_complete && run.step()) {
      messages.push_back(read_event(run, conversation_id_));
      source_.is_complete = ++unsummarised_ < kMostUnsummarised;
    }
    if (!messages.empty()) source_.unsummarised.push_back(std::move(messages));
  }

  void pass_summary(Summary summary) {
    pass_messages(summary.first_seq);
    passed_ = summary.last_seq;
    source_.summaries.push_back(std::move(summary));
  }

  void note_shorter(Summary summary) { source_.shorter.push_back(std::move(summary)); }

  ContextSource end(std::vector<Event> verbatim) {
    pass_messages(verbatim.empty() ? kMaxSeq + 1 : verbatim.front().seq);
    source_.verbatim = std::move(verbatim);
    return std::move(source_);
  }

  Seq passed() const { return passed_; }

 private:
  Connection& connection_;
  const ConversationId& conversation_id_;
  const std::int64_t number_;
  Seq passed_ = 0;
  std::size_t unsummarised_ = 0;
  ContextSource source_;
};

}  // namespace

ContextSource read_context_source(Connection& connection, const ConversationId& conversation_id,
                                  const Verbatim& verbatim) {
  const ReadTransaction snapshot(connection);
  const auto head = find_head(connection, conversation_id);
  if (!head) return {};
  std::vector<Event> shown = read_verbatim(connection, conversation_id, verbatim);
  const Seq end = shown.empty() ? kMaxSeq + 1 : shown.front().seq;
  Walk walk(connection, conversation_id, head->number);
  for (StoredSummary& stored : read_stored(connection, head->number)) {
    if (stored.fill == BatchFill::kShorter) {
      walk.note_shorter(std::move(stored.summary));
    } else if (stored.summary.last_seq < end && stored.summary.first_seq > walk.passed()) {
      walk.pass_summary(std::move(stored.summary));
    }
  }
  return walk.end(std::move(shown));
}

std::vector<Summary> read_summaries(Connection& connection, const ConversationId& conversation_id) {
  const ReadTransaction snapshot(connection);
  const auto head = find_head(connection, conversation_id);
  if (!head) return {};
  std::vector<Summary> summaries;
  for (StoredSummary& stored : read_stored(connection, head->number)) {
    summaries.push_back(std::move(stored.summary));
  }
  return summaries;
}

}  // namespace weir::repositories::sqlite
