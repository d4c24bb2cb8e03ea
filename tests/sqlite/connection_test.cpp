// What every connection is set to, what a reader refuses, and how one comes back clean (invariants I1, I5).

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <map>

#include "sqlite/plain_database.h"
#include "support/error_of.h"
#include "support/repository_rig.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/deletion.h"
#include "weir/repositories/sqlite/event_reads.h"
#include "weir/repositories/sqlite/event_writes.h"
#include "weir/repositories/sqlite/reaction.h"
#include "weir/repositories/sqlite/transaction.h"

using namespace weir::history;
using namespace weir::repositories::sqlite;
using namespace weir::testing;

namespace {

struct ConnectionRig : RepositoryRig {
  ConnectionRig() { make<PooledSqlRepo>()->open(); }

  std::unique_ptr<Connection> connect(ConnectionRole role) {
    return std::make_unique<Connection>(options.path, role, options.sqlite, clock);
  }
};

std::string answer(Connection& connection, const char* sql) {
  Statement statement(connection.handle(), sql);
  auto run = statement.run();
  return run.step() ? std::string(run.text(0)) : "";
}

int code_of(Connection& connection, const char* sql) {
  try {
    connection.execute(sql);
  } catch (const SqliteError& error) {
    return error.code() & 0xFF;
  }
  return SQLITE_OK;
}

}  // namespace

TEST_CASE("connection: each role has its PRAGMAs, and they read back") {
  ConnectionRig rig;
  rig.options.sqlite.synchronous = Synchronous::kFull;
  rig.options.sqlite.wal_autocheckpoint = 77;
  rig.options.sqlite.busy_timeout = weir::repositories::Seconds(1.5);
  const std::map<std::string, std::string> common = {
      {"PRAGMA journal_mode", "wal"}, {"PRAGMA synchronous", "2"}, {"PRAGMA busy_timeout", "1500"},
      {"PRAGMA cache_size", "2000"},  {"PRAGMA temp_store", "2"},  {"PRAGMA foreign_keys", "1"},
      {"PRAGMA trusted_schema", "0"}, {"PRAGMA mmap_size", "0"},
  };
  for (const ConnectionRole role : {ConnectionRole::kWriter, ConnectionRole::kOnly}) {
    const auto connection = rig.connect(role);
    for (const auto& [sql, expected] : common) CHECK(answer(*connection, sql.c_str()) == expected);
    CHECK(answer(*connection, "PRAGMA wal_autocheckpoint") == "77");
    CHECK(answer(*connection, "PRAGMA query_only") == "0");
  }
  const auto reader = rig.connect(ConnectionRole::kReader);
  sqlite3_set_authorizer(reader->handle(), nullptr, nullptr);  // it refuses to be asked
  for (const auto& [sql, expected] : common) CHECK(answer(*reader, sql.c_str()) == expected);
  CHECK(answer(*reader, "PRAGMA query_only") == "1");
  CHECK(answer(*reader, "PRAGMA read_uncommitted") == "1");
}

TEST_CASE("connection: hardening is in force") {
  ConnectionRig rig;
  const auto connection = rig.connect(ConnectionRole::kWriter);
  for (const auto& [option, expected] : std::map<int, int>{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                           {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                           {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                                                           {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1}}) {
    int found = -1;
    sqlite3_db_config(connection->handle(), option, -1, &found);
    CHECK(found == expected);
  }
}

TEST_CASE("connection: a reader refuses whatever would change something") {
  ConnectionRig rig;
  const auto reader = rig.connect(ConnectionRole::kReader);
  for (const char* sql :
       {"INSERT INTO conversations(id, event_count, last_seq, created_at, updated_at, activity) VALUES "
        "('x',0,0,0,0,1)",
        "DELETE FROM events", "CREATE TABLE t(a)", "CREATE TEMP TABLE t(a)", "PRAGMA query_only = 0",
        "PRAGMA journal_mode = DELETE", "PRAGMA wal_checkpoint", "PRAGMA synchronous = OFF",
        "PRAGMA writable_schema = 1", "ATTACH ':memory:' AS other", "VACUUM", "VACUUM INTO '/tmp/weir-never'",
        "ANALYZE", "REINDEX", "INSERT INTO search(rowid, text) VALUES (1, 'x')",
        "INSERT INTO search(search) VALUES ('delete-all')", "UPDATE search_state SET activity = 9"}) {
    CAPTURE(sql);
    CHECK(code_of(*reader, sql) == SQLITE_AUTH);
  }
  CHECK(code_of(*reader, "UPDATE sqlite_master SET sql = ''") == SQLITE_ERROR);
  CHECK(code_of(*reader, "DELETE FROM search_data") == SQLITE_ERROR);
  CHECK(code_of(*reader, "PRAGMA data_version; SELECT count(*) FROM events") == SQLITE_OK);
  CHECK(code_of(*reader, "SELECT rowid, rank FROM search WHERE search MATCH 'x' ORDER BY rank") == SQLITE_OK);
  CHECK(reader->clean());
}

TEST_CASE("connection: what a borrower left running or open is cleaned away") {
  ConnectionRig rig;
  const auto writer = rig.connect(ConnectionRole::kWriter);
  writer->execute("BEGIN IMMEDIATE; DELETE FROM weir_database");
  CHECK(writer->clean());
  CHECK_FALSE(writer->in_transaction());
  CHECK(writer->sentinel().has_value());

  const auto reader = rig.connect(ConnectionRole::kReader);
  sqlite3_stmt* half_read = nullptr;
  sqlite3_prepare_v2(reader->handle(), "SELECT 1 FROM sqlite_schema", -1, &half_read, nullptr);
  CHECK(sqlite3_step(half_read) == SQLITE_ROW);
  CHECK(sqlite3_txn_state(reader->handle(), nullptr) == SQLITE_TXN_READ);
  CHECK(reader->clean());
  CHECK(sqlite3_txn_state(reader->handle(), nullptr) == SQLITE_TXN_NONE);
  sqlite3_finalize(half_read);
}

TEST_CASE("connection: a reader that is no longer query_only is not clean") {
  ConnectionRig rig;
  const auto reader = rig.connect(ConnectionRole::kReader);
  sqlite3_set_authorizer(reader->handle(), nullptr, nullptr);
  reader->execute("PRAGMA query_only = 0");
  CHECK_FALSE(reader->clean());
}

TEST_CASE(
    "connection: a statement that runs past the deadline is interrupted, and the connection is fine after "
    "it") {
  ConnectionRig rig;
  const auto writer = rig.connect(ConnectionRole::kWriter);
  writer->set_deadline(rig.clock.now());
  const char* endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  CHECK(code_of(*writer, endless) == SQLITE_INTERRUPT);
  CHECK(answer(*writer, "PRAGMA busy_timeout") == "0");
  CHECK(writer->clean());
  CHECK(answer(*writer, "SELECT 1") == "1");
}

TEST_CASE("connection: a transaction past its deadline is not committed") {
  ConnectionRig rig;
  const auto writer = rig.connect(ConnectionRole::kWriter);
  {
    WriteTransaction transaction(*writer);
    writer->execute("DELETE FROM weir_database");
    writer->set_deadline(rig.clock.now());
    CHECK_THROWS_AS(transaction.commit(), SqliteError);
  }
  CHECK_FALSE(writer->in_transaction());
  CHECK(writer->sentinel().has_value());
}

TEST_CASE("connection: every question is answered by key, none by reading a whole table") {
  ConnectionRig rig;
  const auto connection = rig.connect(ConnectionRole::kWriter);
  UuidV7Generator ids(1);
  const ConversationId c("c");
  {
    WriteTransaction transaction(*connection);
    EventWriter writer({*connection, ids, Timestamp{}});
    for (const char* conversation : {"a", "c", "z"}) {
      for (int i = 0; i < 20; ++i) {
        writer.add(with_request(user_says(conversation, "x"), "r" + std::to_string(i)));
        writer.add(assistant_says(conversation, "y"));
      }
    }
    writer.remove_last(c);
    hide_conversation(*connection, ConversationId("z"));
    transaction.commit();
  }
  struct : EventSink {
    void restart() override {}
    void take(const EventView&) override {}
  } sink;
  read_events(*connection, {c}, sink);
  read_events(*connection, {.conversation_id = c, .limit = 5}, sink);
  read_within_tokens(*connection, c, 5);
  find_event(*connection, EventId("none"));
  find_by_request(*connection, c, RequestId("r1"));
  event_exists(*connection, EventId("none"));
  find_last_reply(*connection, c, RequestId("r1"));
  list_conversations(*connection, {});
  list_conversation_ids(*connection, c, 5);
  int prepared = 0;
  for (sqlite3_stmt* it = sqlite3_next_stmt(connection->handle(), nullptr); it != nullptr;
       it = sqlite3_next_stmt(connection->handle(), it)) {
    ++prepared;
    CAPTURE(sqlite3_sql(it));
    CHECK(sqlite3_stmt_status(it, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0) == 0);
    CHECK(sqlite3_stmt_status(it, SQLITE_STMTSTATUS_AUTOINDEX, 0) == 0);
    CHECK(sqlite3_stmt_status(it, SQLITE_STMTSTATUS_SORT, 0) == 0);
  }
  CHECK(prepared > 15);
}

TEST_CASE(
    "connection: a reader tells a file that was truncated from one that another program's VACUUM shortened") {
  ConnectionRig rig;
  const auto writer = rig.connect(ConnectionRole::kWriter);
  writer->execute(
      "CREATE TABLE filler(a); INSERT INTO filler SELECT zeroblob(100000) FROM weir_database;"
      "PRAGMA wal_checkpoint(TRUNCATE)");
  const auto reader = rig.connect(ConnectionRole::kReader);
  CHECK(reader->sentinel().has_value());
  reader->remember_files();
  {
    PlainDatabase another(rig.options.path);
    for (const char* sql : {"DELETE FROM filler", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"})
      another.ask(sql);
  }
  CHECK(reader->sentinel().has_value());
  CHECK_FALSE(reader->find_moved().has_value());
  writer->execute("INSERT INTO filler VALUES (1)");
  CHECK(reader->sentinel().has_value());
  std::filesystem::resize_file(rig.options.path, 4096);
  CHECK(reader->find_moved().has_value());
}
