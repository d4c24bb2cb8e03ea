// How the full-text index follows what is stored: whatever is done, at every commit it holds the messages up
// to where it has come, and no other.

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <random>

#include "sqlite/faulty_vfs.h"
#include "sqlite/search_rig.h"
#include "support/captured_log.h"
#include "support/counting_observer.h"
#include "support/environment_number.h"
#include "support/error_of.h"
#include "support/manual_clock.h"
#include "support/threads.h"
#include "weir/repositories/sqlite/derived_data.h"
#include "weir/repositories/sqlite/transaction.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::Connection;
using weir::repositories::sqlite::ConnectionRole;
using weir::repositories::sqlite::PooledSqlRepo;
using namespace std::chrono_literals;

namespace {

std::int64_t ask(SQLite::Database& database, const char* sql) {
  SQLite::Statement statement(database, sql);
  return statement.executeStep() ? statement.getColumn(0).getInt64() : 0;
}

/// Compares the index, word for word, with one that is made anew of what it should hold.
void check_index(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READWRITE, 5000);
  // The background may write meanwhile; the snapshot ends with the connection.
  spin_until([&] { return database.tryExec("BEGIN IMMEDIATE") == SQLITE_OK; });
  database.exec("INSERT INTO search(search) VALUES ('integrity-check')");
  database.exec(
      "CREATE VIRTUAL TABLE temp.anew USING fts5(text, tokenize = 'unicode61 remove_diacritics 2');"
      "INSERT INTO temp.anew(rowid, text) SELECT t.place, t.text FROM search_text AS t"
      " JOIN search_progress AS p ON p.conversation = t.place >> 32"
      " AND t.place & 0xFFFFFFFF <= p.indexed_seq;"
      "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance);"
      "CREATE VIRTUAL TABLE temp.words_anew USING fts5vocab(temp, anew, instance);");
  CHECK(ask(database, "SELECT count(*) FROM (SELECT * FROM words EXCEPT SELECT * FROM words_anew)") == 0);
  CHECK(ask(database, "SELECT count(*) FROM (SELECT * FROM words_anew EXCEPT SELECT * FROM words)") == 0);
  CHECK(ask(database, "SELECT count(*) FROM search_docsize") == ask(database, "SELECT count(*) FROM anew"));
  CHECK(ask(database,
            "SELECT count(*) FROM conversations JOIN search_text ON place >> 32 = number"
            " LEFT JOIN search_progress ON conversation = number"
            " WHERE activity <= (SELECT activity FROM search_state)"
            " AND place & 0xFFFFFFFF > ifnull(indexed_seq, 0)") == 0);
}

/// Words that say which event they belong to, and some that many share.
std::string random_text(std::mt19937_64& random, std::int64_t number) {
  std::string text = "all n" + std::to_string(number);
  for (auto n = random() % 6; n > 0; --n) text += " w" + std::to_string(random() % 20);
  return text;
}

/// Does something at random to conversations `c0` to `c4`; deletes are rarer than appends.
void disturb(Repository& repo, std::mt19937_64& random, std::int64_t number) {
  const ConversationId conversation("c" + std::to_string(random() % 5));
  const RequestId request("r" + std::to_string(random() % 3));
  NewEvent event = user_says(conversation.value(), random_text(random, number));
  switch (random() % 12) {
    case 0:
      repo.remove_last_event(conversation);
      return;
    case 1:
      if (random() % 3 == 0) repo.delete_conversation(conversation);
      return;
    case 2:
      if (random() % 20 == 0) repo.clear_all();
      return;
    case 3:
    case 4:
      event.type = EventType::kMeta;
      event.extra = JsonText::parse(
          R"({"kind":"assistant_delta","user_request_id":")" + request.value() + "\"}", "extra");
      repo.add_event(event);
      return;
    case 5:
      repo.compact_reply(
          {.conversation_id = conversation, .user_request = request, .content = *event.content});
      return;
    case 6:
      repo.search({.words = "all"});
      return;
    case 7:
      event.content = Content::parts(JsonText::parse(
          R"([{"type":"text","text":"all n"},{"type":"text","text":")" + std::to_string(number) + "\"}]"));
      repo.add_event(event);
      return;
    default:
      repo.add_event(event);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("search index: whatever is done at random, it holds what it should", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  const int programs = environment_number("WEIR_SEARCH_PROGRAMS", 20);
  for (int seed = 0; seed < programs; ++seed) {
    CAPTURE(seed);
    SearchRig<Repo> rig;
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    for (std::int64_t i = 0; i < 150; ++i) {
      disturb(*rig.repo, random, i);
      if (i % 50 == 49) check_index(rig.options.path);
    }
    rig.search("all");
    check_index(rig.options.path);
    SQLite::Database database(rig.options.path);
    CHECK(ask(database, "SELECT count(*) FROM search_docsize") ==
          ask(database, "SELECT count(*) FROM search_text"));
  }
}

// Each thread looks for its own message as soon as that is stored, while all of them append, delete and
// index.
TEST_CASE_TEMPLATE("search index: what was stored before a search is found by it, whoever else writes", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  const CapturedLog log;
  std::atomic<int> missed{0};
  const int rounds = environment_number("WEIR_SCENARIO_ROUNDS", 20);
  run_at_once(8, [&](std::size_t thread) {
    std::mt19937_64 random(thread);
    for (int i = 0; i < rounds; ++i) {
      const std::string own = "own" + std::to_string(thread) + "x" + std::to_string(i);
      rig.repo->add_event(user_says(i % 2 == 0 ? "shared" : own, own));
      if (rig.search(own).size() != 1) ++missed;
      if (i % 4 == 1) rig.repo->delete_conversation(ConversationId(own));
      if (i % 4 == 1 && !rig.search(own).empty()) ++missed;
      if (i % 8 == 3) rig.repo->add_event(user_says("brief", "word"));
      if (i % 8 == 7) rig.repo->remove_last_event(ConversationId("brief"));
    }
  });
  CHECK(missed == 0);
  CHECK(log.lines().empty());
  check_index(rig.options.path);
}

TEST_CASE_TEMPLATE("search index: an event that goes is in no answer that begins after it", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  const int rounds = environment_number("WEIR_SCENARIO_ROUNDS", 20);
  std::atomic<int> gone{0};
  std::atomic<int> wrong{0};
  run_at_once(3, [&](std::size_t thread) {
    for (int i = 0; thread == 0 && i < rounds; ++i) {
      rig.repo->add_event(user_says("c" + std::to_string(i), "tea"));
      rig.search("tea");
      rig.repo->delete_conversation(ConversationId("c" + std::to_string(i)));
      gone = i + 1;
    }
    while (thread > 0 && gone < rounds) {
      const int before = gone;
      for (const SearchHit& hit : rig.search("tea")) {
        if (std::stoi(hit.event.conversation_id.value().substr(1)) < before) ++wrong;
      }
    }
  });
  CHECK(wrong == 0);
  CHECK(rig.search("tea").empty());
}

TEST_CASE_TEMPLATE("search index: the background indexes in batches, at start and once an interval", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  rig.make<Repo>()->add_events(std::vector<NewEvent>(350, user_says("c", "before")));
  ManualClock clock;
  CountingObserver observer;
  rig.options.search.enabled = true;
  rig.options.upkeep = weir::repositories::sqlite::Upkeep::kBesideCalls;
  const auto repo =
      std::make_unique<Repo>(rig.options, weir::repositories::sqlite::Environment{clock, observer, 9});
  repo->open();
  SQLite::Database outside(rig.options.path);
  const auto indexed = [&] { return ask(outside, "SELECT count(*) FROM search_docsize"); };
  spin_until([&] { return indexed() == 350; });
  // Counted once committed, which is when they are seen from outside.
  spin_until([&] { return observer.groups >= (std::is_same_v<Repo, PooledSqlRepo> ? 4U : 0U); });
  repo->add_event(user_says("c", "after"));
  // Again and again, for its last step may end after this and count an interval from then.
  spin_until([&] {
    clock.advance(100ms);
    return indexed() == 351;
  });
  check_index(rig.options.path);
}

TEST_CASE_TEMPLATE("search index: closing does not wait until everything is indexed", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  for (int i = 0; i < 20; ++i) {
    rig.make<Repo>()->add_events(std::vector<NewEvent>(1000, user_says("c" + std::to_string(i), "tea")));
  }
  rig.options.search.enabled = true;
  rig.options.upkeep = weir::repositories::sqlite::Upkeep::kBesideCalls;
  rig.make<Repo>()->open();
  check_index(rig.options.path);
  SQLite::Database outside(rig.options.path);
  CHECK(ask(outside, "SELECT count(*) FROM search_docsize") < 20'000);
  CHECK(rig.make<Repo>()->search({.words = "tea"}).size() == 20);
  CHECK(ask(outside, "SELECT count(*) FROM search_docsize") == 20'000);
}

TEST_CASE_TEMPLATE("search index: a batch that a failing disk undid is done again", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  const CapturedLog log;
  FaultyVfs vfs;
  SearchRig<Repo> rig;
  rig.repo->add_events(std::vector<NewEvent>(300, user_says("c", "tea and cake")));
  for (int call = 1; call <= 3; ++call) {
    vfs.arm({VfsCall::kWrite, SQLITE_FULL, 1});
    try {
      rig.search("tea");  // it goes well where the background's batch was the one that failed
    } catch (const Error& error) {
      CHECK((error.code() == ErrorCode::kStorageFull || error.code() == ErrorCode::kUnavailable));
    }
    CHECK(vfs.failed() == call);
    check_index(rig.options.path);
    rig.repo->add_event(user_says("c", "tea and cake"));
  }
  CHECK(rig.search("tea").size() == 20);
  check_index(rig.options.path);
}

TEST_CASE("search index: a search that cannot index all in its time says so, and keeps what it indexed") {
  RepositoryRig rig;
  rig.make<PooledSqlRepo>()->add_events(std::vector<NewEvent>(250, user_says("c", "tea")));
  ManualClock clock;
  CountingObserver observer;
  rig.options.search = {.enabled = true, .index_interval = weir::repositories::Seconds(1e6)};
  rig.options.upkeep = weir::repositories::sqlite::Upkeep::kBesideCalls;
  PooledSqlRepo repo(rig.options, {clock, observer, 9});
  SQLite::Database outside(rig.options.path);
  spin_until([&] {
    repo.open();
    return ask(outside, "SELECT count(*) FROM search_docsize") == 250;
  });
  repo.add_event(user_says("c", "tea"));
  CHECK(error_of([&] { repo.search({.words = "tea"}, {.timeout = 0ns}); }).code() == ErrorCode::kTimeout);
  CHECK(repo.search({.words = "tea"}, {.timeout = 5s}).size() == 20);
}

// FTS5 would merge them inside of somebody's COMMIT.
TEST_CASE_TEMPLATE(
    "search index: a transaction leaves one segment, and those are merged before there are many", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  SearchRig<Repo> rig;
  rig.repo->add_events(std::vector<NewEvent>(100, user_says("c", "tea and cake")));
  CHECK(rig.search("tea").size() == 20);
  SQLite::Database outside(rig.options.path);
  const auto segments = [&] { return ask(outside, "SELECT count(DISTINCT segid) FROM search_idx"); };
  CHECK(segments() == 1);
  for (int i = 0; i < 100; ++i) {
    rig.repo->add_event(user_says("c", "tea and cake"));
    rig.search("tea");
    CHECK(segments() < 12);
  }
  check_index(rig.options.path);
}

TEST_CASE_TEMPLATE("search index: what retention takes out of it is merged as it goes", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  SearchRig<Repo> rig;
  std::vector<NewEvent> events;
  for (int i = 0; i < 6'000; ++i) events.push_back(user_says("c" + std::to_string(i % 30), "tea"));
  rig.repo->add_events(events);
  rig.search("tea");
  CHECK(rig.repo->apply_retention(
            {.policy = RetentionPolicy::kMessageCount, .max_messages_per_conversation = 10}) == 5'700);
  SQLite::Database outside(rig.options.path);
  CHECK(ask(outside, "SELECT count(DISTINCT segid) FROM search_idx") < 12);
  check_index(rig.options.path);
}

TEST_CASE_TEMPLATE("search index: a damaged one is made anew by the background, told once, and loses nothing",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  for (const std::string damage : {"DELETE FROM search_data WHERE id > 10",
                                   "UPDATE search_data SET block = x'00000000FFFFFFFF7F' WHERE id = 10"}) {
    CAPTURE(damage);
    const CapturedLog log;
    RepositoryRig rig({.enabled = true, .index_interval = weir::repositories::Seconds(0.001)});
    CountingObserver observer;
    auto repo =
        std::make_unique<Repo>(rig.options, weir::repositories::sqlite::Environment{rig.clock, observer, 9});
    repo->add_events(std::vector<NewEvent>(1'500, user_says("c", "tea")));
    CHECK(repo->search({.words = "tea"}).size() == 20);
    SQLite::Database(rig.options.path, SQLite::OPEN_READWRITE, 5000).exec(damage);
    REQUIRE(error_of([&] { repo->search({.words = "tea"}); }).code() == ErrorCode::kUnavailable);
    spin_until([&] { return observer.indexes_given_up == 1; });
    CHECK(repo->search({.words = "tea", .limit = 100, .offset = 1'450}).size() == 50);
    repo->add_event(user_says("c", "cake"));
    CHECK(repo->remove_last_event(ConversationId("c")));
    repo.reset();
    CHECK(observer.indexes_given_up == 1);
    CHECK(log.lines() == std::vector<std::string>{
                             "error: search: the full-text index is damaged; it is emptied and made anew from"
                             " the events"});
    check_index(rig.options.path);
  }
}

// FTS5 gives a segment's number out again and meets the rows of the old one, which SQLite calls a constraint.
TEST_CASE_TEMPLATE("search index: damage that FTS5 does not know is one refuses no deletion, and is mended",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig({.enabled = true, .index_interval = weir::repositories::Seconds(0.001)});
  const CapturedLog log;
  {
    const auto repo = rig.make<Repo>();
    for (const char* id : {"a", "b"}) repo->add_events(std::vector<NewEvent>(300, user_says(id, "tea")));
    CHECK(repo->search({.words = "tea"}).size() == 20);
  }
  SQLite::Database(rig.options.path, SQLite::OPEN_READWRITE, 5000)
      .exec("UPDATE search_data SET block = x'00000002000000' WHERE id = 10");
  CountingObserver observer;
  Repo repo(rig.options, {rig.clock, observer, 9});
  CHECK(repo.delete_conversation(ConversationId("a")));
  CHECK(repo.events({ConversationId("a")}).empty());
  spin_until([&] { return observer.indexes_given_up == 1; });
  CHECK(repo.search({.words = "tea", .limit = 100}).size() == 100);
  CHECK(repo.delete_conversation(ConversationId("b")));
}

TEST_CASE_TEMPLATE("search index: a damaged one refuses no deletion where nobody searches", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig({.enabled = true});
  {
    const auto repo = rig.make<Repo>();
    repo->add_events(std::vector<NewEvent>(300, user_says("c", "tea")));
    CHECK(repo->search({.words = "tea"}).size() == 20);
  }
  SQLite::Database(rig.options.path, SQLite::OPEN_READWRITE, 5000)
      .exec("UPDATE search_data SET block = x'00000000FFFFFFFF7F' WHERE id = 10");
  rig.options.search.enabled = false;
  const CapturedLog log;
  const auto repo = rig.make<Repo>();
  CHECK(repo->delete_conversation(ConversationId("c")));
  CHECK(repo->events({ConversationId("c")}).empty());
}

TEST_CASE("search index: where nothing is searched for, it costs an append nothing") {
  RepositoryRig rig;
  rig.make<PooledSqlRepo>()->add_event(user_says("c", "tea"));
  SQLite::Database outside(rig.options.path);
  CHECK(ask(outside, "SELECT count(*) FROM search_progress") == 0);
  CHECK(ask(outside, "SELECT activity FROM search_state") == 0);
}

// As retention does: from the start of a conversation whose first number is 1, up to `last`.
TEST_CASE("search index: what goes from the start of a conversation goes from it, indexed or not") {
  SearchRig<PooledSqlRepo> rig;
  const auto remove_up_to = [&](Seq last) {
    Connection connection(rig.options.path, ConnectionRole::kWriter, rig.options.sqlite, rig.clock);
    weir::repositories::sqlite::WriteTransaction transaction(connection);
    before_delete(connection, {1, 1, last});
    connection.execute(("DELETE FROM events WHERE place <= (1 << 32) + " + std::to_string(last)).c_str());
    transaction.commit();
  };
  rig.repo->add_events(std::vector<NewEvent>(5, user_says("c", "tea")));
  CHECK(rig.search("tea").size() == 5);
  rig.repo->add_events(std::vector<NewEvent>(5, user_says("c", "tea")));
  for (const Seq last : {3, 7, 10}) {
    remove_up_to(last);
    check_index(rig.options.path);
    CHECK(rig.search("tea").size() == static_cast<std::size_t>(10 - last));
    check_index(rig.options.path);
  }
  CHECK(rig.repo->add_event(user_says("c", "tea")).event.seq == 11);
  CHECK(rig.search("tea").size() == 1);
  check_index(rig.options.path);
}
