// What looks like a migration's notes and is a client's own.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "support/repository_rig.h"
#include "weir/repositories/sqlite/reference_export.h"
#include "weir/repositories/sqlite/reference_migration.h"

using namespace weir::history;
using namespace weir::repositories::sqlite;
using namespace weir::testing;

TEST_CASE("reference export: what a client says was a row is exported as what the client said") {
  for (const char* kept : {R"({"conversation_id":"other"})", R"({"conversation_id":""})", R"({"id":null})",
                           R"({"type":null})", R"({"type":"note"})", R"({"id":"dup"})", R"({"seq":9})",
                           R"({"request_id":"r"})", R"({"token_count":-1,"id":null})"}) {
    CAPTURE(kept);
    const ScratchDirectory folder;
    Event event{EventId("e"), ConversationId("c"), 1};
    event.type = EventType::kUserMessage;
    event.content = Content::text("x");
    event.token_count = 1;
    event.extra = JsonText::stored(R"({"own":1,"reference_row":)" + std::string(kept) + "}");
    ReferenceExport out(folder / "back.db");
    out.add(view_of(event));
    out.finish();
    SQLite::Database database(folder / "back.db");
    SQLite::Statement row(database,
                          "SELECT id, conversation_id, type, seq, request_id, token_count,"
                          " extra ->> '$.own', json(extra ->> '$.reference_row') FROM chat_events");
    REQUIRE(row.executeStep());
    CHECK(row.getColumn(0).getString() == "e");
    CHECK(row.getColumn(1).getString() == "c");
    CHECK(row.getColumn(2).getString() == "user_message");
    CHECK(row.getColumn(3).getInt() == 1);
    CHECK(row.getColumn(4).isNull());
    CHECK(row.getColumn(5).getInt() == 1);
    CHECK(row.getColumn(6).getInt() == 1);
    CHECK(row.getColumn(7).getString() == kept);
  }
}

TEST_CASE("migration: beside a file that it refuses it leaves nothing") {
  const ScratchDirectory folder;
  SQLite::Database(folder / "other.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE t(x)");
  SQLite::Database(folder / "o?#%.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE t(x)");
  std::filesystem::copy_file("/etc/passwd", folder / "text.db");
  std::ofstream(folder / "empty.db").flush();
  weir::repositories::SystemClock clock;
  const MigrationListener ignore{[](const MigrationListener::Progress&) {}, [](MigrationStep) {}};
  for (const char* name : {"other.db", "o?#%.db", "text.db", "empty.db"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(migrate_reference(folder / name, MigrationMode::kForReal, clock, ignore), Error);
    CHECK_FALSE(std::filesystem::exists(folder / (std::string(name) + ".lock")));
  }
}
