#pragma once

#include <string>
#include <vector>

#include "weir/history/event.h"

namespace weir::history {

/// Makes a short text of many messages, for a model that is not to be shown all of them.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Blocking: summarise() may; no connection is held meanwhile.
class Summariser {
 public:
  Summariser() = default;
  Summariser(const Summariser&) = delete;
  Summariser& operator=(const Summariser&) = delete;
  virtual ~Summariser() = default;

  /// What `messages`, in seq order, say together. UTF-8; it may be empty.
  virtual std::string summarise(const std::vector<Event>& messages) = 0;
};

/// Picks the sentences whose words occur most often in the messages, and gives them in their order, each
/// behind its speaker's role: at most kSummaryCharacters together. Asks nobody, and answers the same for the
/// same messages. After H. P. Luhn, "The Automatic Creation of Literature Abstracts" (1958).
class ExtractiveSummariser final : public Summariser {
 public:
  std::string summarise(const std::vector<Event>& messages) override;
};

inline constexpr std::size_t kSummaryCharacters = 600;

}  // namespace weir::history
