#include <spdlog/spdlog.h>

#include "weir/history/error.h"
#include "weir/repositories/sqlite/search_index.h"
#include "weir/repositories/sqlite/search_reads.h"
#include "weir/repositories/sqlite/search_words.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

// After an error, which the next search meets as well and tells.
constexpr Seconds kPauseAfterError{60.0};

void check(const SearchQuery& query) {
  if (query.limit < 1 || query.limit > kMaxSearchLimit) {
    throw invalid("limit", "must be 1 to " + std::to_string(kMaxSearchLimit));
  }
  if (query.offset > kMaxSearchOffset) {
    throw invalid("offset", "must be at most " + std::to_string(kMaxSearchOffset));
  }
}

}  // namespace

std::vector<SearchHit> SqlRepo::search(const SearchQuery& query, const CallOptions& options) {
  if (!options_.search.enabled) throw Error(ErrorCode::kUnsupported, "search is off: search.enabled");
  check(query);
  TimedCall timed(make_call(Operation::kSearch, options));
  const Call& call = timed.call;
  std::vector<SearchHit> hits;
  account(call, [&] {
    std::string match;
    std::optional<Activity> pending;
    run_read(call, [&](Connection& connection) {
      match = to_match(connection, query.words);
      pending = newest_pending(connection);
      if (!pending) hits = find_hits(connection, query, match);
    });
    if (!pending) return;
    index_until(call, *pending);
    run_read(call, [&](Connection& connection) { hits = find_hits(connection, query, match); });
  });
  return hits;
}

void SqlRepo::index_until(const Call& search, std::int64_t activity) {
  IndexStep step;
  do {
    step = index_step({Operation::kIndexSearch, environment_.clock.now(), search.deadline});
  } while (step.has_more && step.reached < activity);
}

void SqlRepo::change_index(const Call& call, Work work) {
  try {
    run_write(call, {Repeat::kSafe, WriteQueue::Member::kAlone}, work);
  } catch (const Error& error) {
    // Nobody's event is in doubt: what is not in the index is still pending.
    if (error.code() != ErrorCode::kUnknownOutcome) throw;
    throw Error(ErrorCode::kUnavailable, "what is pending could not be indexed: its COMMIT failed");
  }
}

IndexStep SqlRepo::index_step(const Call& call) {
  for (int portion = 0; portion < kMostMerges && merge_step(call); ++portion) {
  }
  IndexStep step;
  change_index(call, [&](Connection& connection) { step = index_some(connection); });
  return step;
}

bool SqlRepo::merge_step(const Call& call) {
  bool has_merged = false;
  change_index(call, [&](Connection& connection) { has_merged = merge_some(connection); });
  return has_merged;
}

void SqlRepo::note_index_damage() {
  is_index_damaged_ = true;
  may_be_unindexed_ = true;
}

void SqlRepo::give_up_index(const Call& call) {
  bool is_news = false;
  change_index(call, [&](Connection& connection) { is_news = sqlite::give_up_index(connection); });
  is_index_damaged_ = false;
  if (!is_news) return;
  environment_.observer.search_index_given_up();
  spdlog::error("search: the full-text index is damaged; it is emptied and made anew from the events");
}

TimePoint SqlRepo::index_in_background(TimePoint now) {
  if (!options_.search.enabled && !is_index_damaged_) return after(options_.search.index_interval);
  if (!may_be_unindexed_.exchange(false)) return after(options_.search.index_interval);
  try {
    const Call call = upkeep_call(Operation::kIndexSearch);
    if (is_index_damaged_) give_up_index(call);
    // Made anew it will be once somebody wants it; until then nothing may meet the damage.
    if (!options_.search.enabled) return after(options_.search.index_interval);
    std::optional<Activity> pending;
    run_read(call, [&](Connection& connection) { pending = newest_pending(connection); });
    const bool has_more = pending ? index_step(call).has_more : merge_step(call);
    if (has_more || pending) {
      may_be_unindexed_ = true;  // or unmerged
      return now;
    }
  } catch (const std::exception& error) {
    may_be_unindexed_ = true;
    if (is_index_damaged_) return after(options_.search.index_interval);
    spdlog::warn("search: indexing put off: {}", error.what());
    return after(kPauseAfterError);
  }
  return after(options_.search.index_interval);
}

}  // namespace weir::repositories::sqlite
