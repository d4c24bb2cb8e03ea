#include "weir/repositories/sqlite/search_index.h"

#include <sqlite3.h>

#include <algorithm>
#include <vector>

#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {
namespace {

using history::Seq;

// What one transaction takes: some milliseconds, for which other writers wait. One message may be larger.
constexpr std::size_t kMostMessages = 100;
constexpr std::int64_t kMostBytes = 256 * 1024;
constexpr int kMostLookedAt = 1000;  // conversations, and events that are no messages
// Of 4 KiB, written; where most messages were deleted, many times as many are read for them. More where the
// list of a word is longer.
constexpr int kPagesOfMerge = 8;

struct Pending {
  std::int64_t conversation;
  Activity activity;
  Seq last_seq;
  Seq indexed_seq;
};

struct Progress {
  std::int64_t conversation;
  Seq indexed_seq;
};

Activity read_state(Connection& connection) {
  auto run = connection.statements().search.state.run();
  return run.step() ? run.integer(0) : 0;
}

/// Whether what is left in it is to go before anything is indexed.
bool is_given_up(Connection& connection) {
  return read_state(connection) < 0;
}

Seq read_progress(Connection& connection, std::int64_t conversation) {
  auto run = connection.statements().search.progress.run();
  run.bind(conversation);
  return run.step() ? run.integer(0) : 0;
}

std::optional<Pending> find_next(Connection& connection, Activity after) {
  auto run = connection.statements().search.next_pending.run();
  run.bind(after);
  if (!run.step()) return std::nullopt;
  return Pending{run.integer(0), run.integer(1), run.integer(2), run.integer(3)};
}

struct Places {
  Place first;
  Place last;
};

/// Tells the index of the texts that are stored there, which `change` puts in or takes out.
void change_texts(Connection& connection, const Places& places, Statement& change) {
  auto texts = connection.statements().search.texts.run();
  texts.bind(places.first).bind(places.last);
  while (texts.step()) {
    auto run = change.run();
    run.bind(texts.integer(0));
    texts.is_null(1) ? run.bind_null() : run.bind(texts.text(1));
    touch_index([&] { run.execute(); });
  }
}

/// Lets the tables be written in which FTS5 keeps the index; nothing else could mend it.
class OpenedIndex {
 public:
  explicit OpenedIndex(sqlite3* db) : db_(db) { set_defensive(0); }
  OpenedIndex(const OpenedIndex&) = delete;
  OpenedIndex& operator=(const OpenedIndex&) = delete;
  ~OpenedIndex() { set_defensive(1); }

 private:
  void set_defensive(int value) { sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, value, nullptr); }

  sqlite3* const db_;
};

/// What one transaction takes out of an index that was given up.
IndexStep empty_some(Connection& connection) {
  SearchStatements& statements = connection.statements().search;
  bool had_any = false;
  {
    const OpenedIndex opened(connection.handle());
    for (Statement* const part : {&statements.empty_data, &statements.empty_terms, &statements.empty_sizes}) {
      part->run().execute();
      if (sqlite3_changes(connection.handle()) > 0) had_any = true;
    }
  }
  if (had_any) return {-1, true};
  touch_index([&] { statements.clear.run().execute(); });  // FTS5 forgets what it remembers of the tables
  statements.begin_anew.run().execute();
  return {0, true};
}

/// What one transaction indexes: collected first, then written.
class Batch {
 public:
  explicit Batch(Connection& connection)
      : connection_(connection),
        statements_(connection.statements().search),
        began_(read_state(connection)) {}

  void collect() {
    while (has_room()) {
      const auto pending = find_next(connection_, reached_);
      if (!pending) return;
      if (!collect(*pending)) break;
      reached_ = pending->activity;
    }
    has_more_ = true;
  }

  IndexStep write() {
    // FTS5 writes out what it has gathered whenever a row comes below the one before it.
    std::ranges::sort(places_);
    for (const Place place : places_) change_texts(connection_, {place, place}, statements_.insert);
    for (const auto& [conversation, seq] : progress_) {
      statements_.set_progress.run().bind(conversation).bind(seq).execute();
    }
    if (reached_ > began_) statements_.set_state.run().bind(reached_).execute();
    return {reached_, has_more_};
  }

 private:
  bool has_room() const {
    return places_.size() < kMostMessages && bytes_ < kMostBytes && looked_at_ < kMostLookedAt;
  }

  /// Whether there was room for all of them.
  bool collect(const Pending& pending) {
    ++looked_at_;
    auto run = statements_.candidates.run();
    run.bind(place_of(pending.conversation, pending.indexed_seq))
        .bind(place_of(pending.conversation, pending.last_seq));
    Seq seq = pending.indexed_seq;
    while (has_room() && seq < pending.last_seq) {
      seq = run.step() ? take(run) : pending.last_seq;
    }
    if (seq > pending.indexed_seq) progress_.push_back({pending.conversation, seq});
    return seq >= pending.last_seq;
  }

  Seq take(const Statement::Run& candidate) {
    const Place place = candidate.integer(0);
    ++looked_at_;
    if (!candidate.is_null(1)) {
      places_.push_back(place);
      bytes_ += candidate.integer(1);
    }
    return seq_at(place);
  }

  Connection& connection_;
  SearchStatements& statements_;
  const Activity began_;
  Activity reached_ = began_;
  std::vector<Place> places_;
  std::vector<Progress> progress_;
  std::int64_t bytes_ = 0;
  int looked_at_ = 0;
  bool has_more_ = false;
};

}  // namespace

std::optional<Activity> newest_pending(Connection& connection) {
  auto run = connection.statements().search.newest_pending.run();
  if (run.step() && !run.is_null(0)) return run.integer(0);
  return is_given_up(connection) ? std::optional<Activity>(0) : std::nullopt;
}

IndexStep index_some(Connection& connection) {
  if (is_given_up(connection)) return empty_some(connection);
  Batch batch(connection);
  batch.collect();
  return batch.write();
}

bool give_up_index(Connection& connection) {
  SearchStatements& statements = connection.statements().search;
  statements.give_up.run().execute();
  if (sqlite3_changes(connection.handle()) == 0) return false;
  statements.remove_all_progress.run().execute();
  const OpenedIndex opened(connection.handle());
  statements.forget_segments.run().execute();
  return true;
}

bool merge_some(Connection& connection) {
  if (is_given_up(connection)) return false;
  const auto before = sqlite3_total_changes64(connection.handle());
  touch_index(
      [&] { connection.statements().search.merge.run().bind(std::int64_t{kPagesOfMerge}).execute(); });
  // The command itself counts as one change.
  return sqlite3_total_changes64(connection.handle()) - before > 1;
}

void unindex(Connection& connection, std::int64_t conversation, Seq first, Seq last) {
  const Seq indexed = read_progress(connection, conversation);
  if (indexed < first) return;
  SearchStatements& statements = connection.statements().search;
  change_texts(connection, {place_of(conversation, first), place_of(conversation, std::min(last, indexed))},
               statements.remove);
  statements.lower_progress.run().bind(conversation).bind(first).bind(last).execute();
}

void give_back_activity(Connection& connection, std::int64_t conversation) {
  SearchStatements& statements = connection.statements().search;
  Activity newest = 0;
  {
    auto run = statements.newest_besides.run();
    run.bind(conversation);
    if (run.step()) newest = run.integer(0);
  }
  statements.lower_state.run().bind(newest).execute();
}

void give_back_all_activity(Connection& connection) {
  connection.statements().search.lower_state.run().bind(Activity{0}).execute();
}

void forget_progress(Connection& connection, std::int64_t conversation) {
  connection.statements().search.remove_progress.run().bind(conversation).execute();
}

void index_inserted(Connection& connection, std::int64_t conversation, Seq seq) {
  if (seq > read_progress(connection, conversation)) return;
  const Place place = place_of(conversation, seq);
  change_texts(connection, {place, place}, connection.statements().search.insert);
}

}  // namespace weir::repositories::sqlite
