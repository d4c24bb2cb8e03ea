#include "weir/repositories/sqlite/search_reads.h"

#include <algorithm>
#include <limits>

#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/event_row.h"
#include "weir/repositories/sqlite/transaction.h"

namespace weir::repositories::sqlite {
namespace {

using namespace history;

/// Both ends included.
struct Places {
  Place first = 0;
  Place last = std::numeric_limits<Place>::max();
};

struct Ranked {
  Place place;
  double rank;
};

std::vector<Ranked> find_best(Connection& connection, const SearchQuery& query, const std::string& match,
                              const Places& places) {
  auto run = connection.statements().search.best.run();
  run.bind(match).bind(places.first).bind(places.last);
  run.bind(static_cast<std::int64_t>(query.limit)).bind(static_cast<std::int64_t>(query.offset));
  std::vector<Ranked> best;
  while (run.step()) best.push_back({run.integer(0), run.value(1).real()});
  return best;
}

// A snippet has 24 words at most; a word may be as long as a message.
constexpr std::size_t kMostSnippetBytes = 1024;
constexpr std::size_t kMostBytesBefore = 256;  // of the first highlight
constexpr std::string_view kLeftOut = "…";

/// Where the character begins that the byte at `offset` belongs to.
std::size_t character_at(std::string_view text, std::size_t offset) {
  while (offset > 0 && offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U) {
    --offset;
  }
  return offset;
}

/// A part of `snippet` that is no longer than some lines, and ends every highlight that it begins.
std::string bounded(std::string_view snippet) {
  if (snippet.size() <= kMostSnippetBytes) return std::string(snippet);
  const auto found = snippet.find(kHighlightBegin);
  const bool begins_late = found != std::string_view::npos && found > kMostBytesBefore;
  const std::size_t first = begins_late ? character_at(snippet, found - kMostBytesBefore) : 0;
  const std::size_t end = character_at(snippet, std::min(first + kMostSnippetBytes, snippet.size()));
  std::string part(first > 0 ? kLeftOut : "");
  part += snippet.substr(first, end - first);
  if (end == snippet.size()) return part;
  part += kLeftOut;
  const auto last_begin = part.rfind(kHighlightBegin);
  const bool is_open =
      last_begin != std::string::npos && part.find(kHighlightEnd, last_begin) == std::string::npos;
  return is_open ? part += kHighlightEnd : part;
}

/// Absent when another program has taken the event away behind the index.
std::optional<SearchHit> read_hit(Connection& connection, const std::string& match, const Ranked& ranked) {
  auto run = connection.statements().search.hit.run();
  run.bind(match).bind(ranked.place).bind(kHighlightBegin).bind(kHighlightEnd);
  if (!run.step()) return std::nullopt;
  const auto conversation_id = ConversationId::stored(run.text(kEventColumnCount));
  return SearchHit{read_event(run, conversation_id), bounded(run.text(kEventColumnCount + 1)), ranked.rank};
}

}  // namespace

std::vector<SearchHit> find_hits(Connection& connection, const SearchQuery& query, const std::string& match) {
  const ReadTransaction snapshot(connection);
  Places places;
  if (query.conversation_id) {
    const auto head = find_head(connection, *query.conversation_id);
    if (!head) return {};
    places = {place_of(head->number, 0), place_of(head->number, kMaxSeq)};
  }
  std::vector<SearchHit> hits;
  for (const Ranked& ranked : find_best(connection, query, match, places)) {
    if (auto hit = read_hit(connection, match, ranked)) hits.push_back(std::move(*hit));
  }
  return hits;
}

}  // namespace weir::repositories::sqlite
