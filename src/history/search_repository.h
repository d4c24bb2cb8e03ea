#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "weir/history/call_options.h"
#include "weir/history/event.h"

namespace weir::history {

struct SearchQuery {
  std::string words;  ///< all of which must occur; a word that ends in `*` is a prefix
  std::optional<ConversationId> conversation_id{};  ///< absent: in all of them
  std::size_t limit = 20;
  std::size_t offset = 0;
};

struct SearchHit {
  Event event;
  std::string snippet;  ///< of its text, what was found between kHighlightBegin and kHighlightEnd
  double rank = 0;      ///< the lower, the better
};

inline constexpr std::string_view kHighlightBegin = "**";
inline constexpr std::string_view kHighlightEnd = "**";

/// Full text of user and assistant messages, case and diacritics folded.
///
/// Thread-safety, Lifetime, Blocking, Errors: as ChatRepository.
class SearchRepository {
 public:
  SearchRepository() = default;
  SearchRepository(const SearchRepository&) = delete;
  SearchRepository& operator=(const SearchRepository&) = delete;
  virtual ~SearchRepository() = default;

  /// The messages that hold every word, best first. What was acknowledged before is found, and what was
  /// deleted before is not.
  /// Errors: kInvalidArgument naming `q` when it holds no word; kUnsupported when search is off.
  virtual std::vector<SearchHit> search(const SearchQuery& query, const CallOptions& options = {}) = 0;
};

}  // namespace weir::history
