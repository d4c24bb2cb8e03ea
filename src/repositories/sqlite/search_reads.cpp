#include "weir/repositories/sqlite/search_reads.h"

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

/// Absent when another program has taken the event away behind the index.
std::optional<SearchHit> read_hit(Connection& connection, const std::string& match, const Ranked& ranked) {
  auto run = connection.statements().search.hit.run();
  run.bind(match).bind(ranked.place).bind(kHighlightBegin).bind(kHighlightEnd);
  if (!run.step()) return std::nullopt;
  const auto conversation_id = ConversationId::stored(run.text(kEventColumnCount));
  return SearchHit{read_event(run, conversation_id), std::string(run.text(kEventColumnCount + 1)),
                   ranked.rank};
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
