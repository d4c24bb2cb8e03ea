#include "weir/repositories/sqlite/version.h"

#include <doctest/doctest.h>

#include <string>

using namespace weir::repositories::sqlite;

TEST_CASE("version: the WAL-reset bug is in 3.7.0 to 3.51.2, but for what has the fix by backport") {
  for (const int version :
       {3'007'000, 3'040'001, 3'044'005, 3'045'000, 3'049'002, 3'050'006, 3'051'000, 3'051'002}) {
    CAPTURE(version);
    CHECK_FALSE(is_wal_reset_fixed(version));
  }
  for (const int version :
       {3'006'023, 3'044'006, 3'044'099, 3'050'007, 3'050'012, 3'051'003, 3'052'000, 4'000'000}) {
    CAPTURE(version);
    CHECK(is_wal_reset_fixed(version));
  }
}

TEST_CASE("version: the text and the number are of one SQLite") {
  const int number = sqlite_version_number();
  const std::string text = std::to_string(number / 1'000'000) + '.' + std::to_string(number / 1'000 % 1'000) +
                           '.' + std::to_string(number % 1'000);
  CHECK(sqlite_version() == text);
}
