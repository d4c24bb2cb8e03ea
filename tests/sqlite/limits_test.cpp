// What no connection of weir's does for anybody, however it should be asked.

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>

#include "support/error_of.h"
#include "support/repository_rig.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/limits.h"
#include "weir/repositories/sqlite/sqlite_error.h"

using namespace weir::history;
using namespace weir::repositories::sqlite;
using namespace weir::testing;

namespace {

constexpr ConnectionRole kRoles[] = {ConnectionRole::kReader, ConnectionRole::kWriter, ConnectionRole::kOnly};

struct LimitsRig : RepositoryRig {
  LimitsRig() { make<PooledSqlRepo>()->open(); }

  /// What a connection of `role` answers `sql`.
  int code_of(ConnectionRole role, const std::string& sql) {
    Connection connection(options.path, role, options.sqlite, clock);
    return sqlite3_exec(connection.handle(), sql.c_str(), nullptr, nullptr, nullptr) & 0xFF;
  }
};

/// `text`, `times` times.
std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("limits: a statement too long, wide, deep or of too many parts is refused on every connection") {
  LimitsRig rig;
  for (const ConnectionRole role : kRoles) {
    CHECK(rig.code_of(role, "SELECT 1" + std::string(50'000, ' ') + ";") == SQLITE_TOOBIG);
    CHECK(rig.code_of(role, "SELECT 1" + std::string(40'000, ' ') + ";") == SQLITE_OK);
    for (const std::string& sql :
         {"SELECT 1" + repeated(",1", 200), "SELECT " + repeated("~", 60) + "1",
          "SELECT 1" + repeated(" UNION ALL SELECT 1", 4), "SELECT max(1" + repeated(",1", 10) + ")",
          std::string("SELECT ?41"), std::string("SELECT 'x' LIKE '") + std::string(51, 'x') + "'"}) {
      CAPTURE(sql);
      CHECK(rig.code_of(role, sql) == SQLITE_ERROR);
    }
    CHECK(rig.code_of(role, "SELECT 1" + repeated(" UNION ALL SELECT 1", 3)) == SQLITE_OK);
  }
}

TEST_CASE("limits: no other file joins the database, and no trigger calls another") {
  LimitsRig rig;
  CHECK(rig.code_of(ConnectionRole::kWriter, "ATTACH ':memory:' AS other") == SQLITE_ERROR);
  CHECK(rig.code_of(ConnectionRole::kWriter, "VACUUM") == SQLITE_ERROR);
  const std::string tables = "CREATE TABLE a(x); CREATE TABLE b(x); CREATE TABLE c(x);";
  const std::string one = "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b VALUES (1); END;";
  const std::string two = "CREATE TRIGGER u AFTER INSERT ON b BEGIN INSERT INTO c VALUES (1); END;";
  CHECK(rig.code_of(ConnectionRole::kWriter, tables + one + "INSERT INTO a VALUES (1)") == SQLITE_OK);
  CHECK(rig.code_of(ConnectionRole::kWriter, two + "INSERT INTO a VALUES (1)") == SQLITE_ERROR);
}

TEST_CASE("limits: a text of the longest request fits, one past the longest row is too large") {
  LimitsRig rig;
  const auto zeros = [](std::size_t bytes) { return "SELECT zeroblob(" + std::to_string(bytes) + ")"; };
  for (const ConnectionRole role : kRoles) {
    CHECK(rig.code_of(role, zeros(kMostRowBytes / 2)) == SQLITE_OK);
    CHECK(rig.code_of(role, zeros(kMostRowBytes + 1)) == SQLITE_TOOBIG);
  }
}
