#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/history/call_options.h"
#include "weir/history/event.h"

namespace weir::history {

inline constexpr std::size_t kMaxSearchBytes = 1024;
inline constexpr std::size_t kMaxSearchWords = 32;
inline constexpr std::size_t kMaxSearchLimit = 100;
inline constexpr std::size_t kMaxSearchOffset = 10'000;

struct SearchQuery {
  /// Separated by white space. A word that ends in `*` is a prefix; a word without a letter or a digit does
  /// not count; one with other characters inside, as `don't`, is found where its parts stand side by side.
  /// Nothing else is syntax.
  std::string words;
  std::optional<ConversationId> conversation_id{};  ///< absent: in all of them
  std::size_t limit = 20;                           ///< 1 to kMaxSearchLimit
  std::size_t offset = 0;                           ///< at most kMaxSearchOffset
};

struct SearchHit {
  Event event;
  /// Of its text, what was found between kHighlightBegin and kHighlightEnd; some lines at most, `…` where
  /// something is left out.
  std::string snippet;
  double rank = 0;      ///< BM25: the lower, the better; to be compared within one answer
};

/// Around what was found. In a snippet they stand for nothing else: where the text itself has them, it shows
/// `[` and `]`.
inline constexpr std::string_view kHighlightBegin = "⟦";
inline constexpr std::string_view kHighlightEnd = "⟧";

/// Full text of user and assistant messages, case and diacritics folded.
///
/// Thread-safety, Lifetime, Blocking, Errors: as ChatRepository.
class SearchRepository {
 public:
  SearchRepository() = default;
  SearchRepository(const SearchRepository&) = delete;
  SearchRepository& operator=(const SearchRepository&) = delete;
  virtual ~SearchRepository() = default;

  /// The messages that hold every word, best first, equals in the order of their conversations and numbers.
  /// What was acknowledged before is found, and what was deleted before is not. What is not indexed yet is
  /// indexed first, within the deadline; what that got done stays done.
  /// Errors: kInvalidArgument naming `q` when it holds no word or too much, `limit` or `offset` out of range;
  ///   kUnsupported when search is off.
  virtual std::vector<SearchHit> search(const SearchQuery& query, const CallOptions& options = {}) = 0;
};

}  // namespace weir::history
