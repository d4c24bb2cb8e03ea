#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "weir/history/event.h"

namespace weir::history {

/// What stands for a run of messages that a model is no longer shown word by word.
struct Summary {
  Seq first_seq = 0;  ///< of the first message it covers
  Seq last_seq = 0;   ///< of the last
  std::int64_t message_count = 0;
  std::string text;
  Timestamp created_at{};

  friend bool operator==(const Summary&, const Summary&) = default;
};

/// How many of the most recent messages a model is shown word by word: a number of them, or as many as fit.
struct VerbatimCount {
  std::size_t messages;
};
struct VerbatimTokens {
  std::int64_t max_tokens;
};
using Verbatim = std::variant<VerbatimCount, VerbatimTokens>;

/// How many messages a context is made from at a time, and how many of them it may show.
inline constexpr std::size_t kMostUnsummarised = 10'000;
inline constexpr std::size_t kMostVerbatim = 10'000;

/// A conversation as a context is made from it: one snapshot.
///
/// Every message before `verbatim` is covered by one of `summaries` or stands in one of `unsummarised`, and
/// the two follow one another by seq.
struct ContextSource {
  std::vector<Summary> summaries;  ///< of full batches, stored, by seq
  std::vector<Summary> shorter;    ///< stored too, of batches that were not full; any may be out of date
  std::vector<std::vector<Event>> unsummarised;  ///< runs of messages between them, by seq
  bool is_complete = true;  ///< false: more than kMostUnsummarised were not summarised, and the rest is left out
  std::vector<Event> verbatim;                   ///< by seq
};

/// Whether a summary covers as many messages as a batch holds. A shorter one is replaced.
enum class BatchFill { kFull, kShorter };

/// A summary to store, with what it was made from.
struct NewSummary {
  Summary summary{};  ///< created_at is the store's
  BatchFill fill = BatchFill::kFull;
  EventId first_event;
  EventId last_event;
};

}  // namespace weir::history
