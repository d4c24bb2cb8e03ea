// Whether it is seen that a database is not what weir has made of it.

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "support/repository_rig.h"
#include "weir/repositories/sqlite/soundness.h"

using namespace weir::repositories::sqlite;
using namespace weir::testing;

TEST_CASE("soundness: each contradiction between tables is found") {
  RepositoryRig rig({.enabled = true});
  {
    const auto repository = rig.make<PooledSqlRepo>();
    for (int i = 0; i < 10; ++i) repository->add_event(user_says("c", "word"));
    repository->search({.words = "word"});  // so that all of it is indexed
  }
  struct Case {
    const char* change;
    const char* what;
  };
  for (const auto& [change, what] : {
           Case{"INSERT INTO events(place, id, timestamp, type, content_form, token_count)"
                " VALUES ((77 << 32) + 1, 'x', 0, 5, 0, 0)",
                "belong to no conversation"},
           Case{"UPDATE conversations SET event_count = 9", "another number of events"},
           Case{"UPDATE conversations SET last_seq = 9", "above their last number"},
           Case{"INSERT INTO summaries VALUES (77, 1, 1, 2, 2, '', 0)", "summaries belong to no"},
           Case{"UPDATE search_progress SET indexed_seq = 11", "indexed beyond"},
           Case{"UPDATE search_state SET activity = activity + 1", "marks"},
           Case{"UPDATE search_docsize SET id = 1 WHERE id = (1 << 32) + 4",
                "entries of the full-text index"},
           Case{"DELETE FROM search_docsize WHERE id = (1 << 32) + 4", "missing in the full-text index"},
       }) {
    CAPTURE(change);
    SQLite::Database database(rig.options.path, SQLite::OPEN_READWRITE);
    CHECK(find_contradictions(database.getHandle(), 2).empty());
    database.exec("BEGIN");
    database.exec(change);
    const auto contradictions = find_contradictions(database.getHandle(), 2);
    REQUIRE(!contradictions.empty());
    CHECK(contradictions.front().find(what) != std::string::npos);
    database.exec("ROLLBACK");
  }
}

TEST_CASE("soundness: rows of deleted conversations that are yet to go contradict nothing") {
  RepositoryRig rig;
  for (const char* name : {"a", "b"}) rig.make<AsyncSqlRepo>()->add_event(user_says(name, "word"));
  SQLite::Database database(rig.options.path, SQLite::OPEN_READWRITE);
  database.exec("DELETE FROM conversations WHERE number = 1");
  CHECK(find_contradictions(database.getHandle(), 2).size() == 1);
  database.exec("CREATE TABLE IF NOT EXISTS deleted_conversations(number INTEGER PRIMARY KEY)");
  database.exec("INSERT INTO deleted_conversations(number) VALUES (1)");
  CHECK(find_contradictions(database.getHandle(), 2).empty());
}
