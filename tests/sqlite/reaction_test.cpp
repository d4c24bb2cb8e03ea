// What every result code of SQLite means, as reviewed: a decision that changes, and a code that is new, fail.

#include "weir/repositories/sqlite/reaction.h"

#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <set>

#include "support/error_of.h"
#include "support/reviewed_reactions.h"
#include "weir/repositories/retry_policy.h"

using namespace weir::testing;
using namespace weir::repositories::sqlite;
using weir::history::ErrorCode;

namespace {

/// The names of the result codes in SQLite's own header, from SQLITE_OK to where its other numbers begin.
std::set<std::string> names_in_header() {
  static const std::regex definition(R"(#define (SQLITE_\w+)\s+(\d+|\(SQLITE_).*)");
  std::ifstream header(WEIR_SQLITE_HEADER);
  std::set<std::string> names;
  std::smatch match;
  for (std::string line; std::getline(header, line);) {
    if (!std::regex_match(line, match, definition)) continue;
    if (match[1] == "SQLITE_OPEN_READONLY") break;
    if (match[1] == "SQLITE_OK" || !names.empty()) names.insert(match[1]);
  }
  return names;
}

}  // namespace

TEST_CASE("reaction: every result code has the decisions that were reviewed") {
  for (const ReviewedReaction& row : reviewed_reactions()) {
    CAPTURE(row.name);
    const Reaction found = reaction_to(row.code);
    CHECK(found.code == row.reaction.code);
    CHECK(found.retry == row.reaction.retry);
    CHECK(found.transaction == row.reaction.transaction);
    CHECK(found.connection == row.reaction.connection);
    CHECK(found.trust == row.reaction.trust);
  }
}

TEST_CASE("reaction: no result code of SQLite's header is without a review") {
  std::set<std::string> reviewed;
  for (const ReviewedReaction& row : reviewed_reactions()) reviewed.insert(row.name);
  const std::set<std::string> names = names_in_header();
  CHECK(names.size() > 100);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(reviewed.contains(name));
  }
}

TEST_CASE("reaction: any other number is a bug, told as one") {
  for (const int code : {-1, 29, 99, 102, 255, SQLITE_ERROR | (99 << 8), 1 << 30}) {
    CAPTURE(code);
    CHECK(reaction_to(code) == reviewed::kBug.reaction);
  }
}

TEST_CASE("reaction: an extended code that is new means what its primary code means") {
  CHECK(reaction_to(SQLITE_BUSY | (99 << 8)) == reviewed::kContention.reaction);
  CHECK(reaction_to(SQLITE_CORRUPT | (99 << 8)) == reviewed::kDamage.reaction);
  CHECK(reaction_to(SQLITE_IOERR | (99 << 8)) == reviewed::kDisk.reaction);
}

TEST_CASE("reaction: whatever COMMIT failed with, the outcome is unknown") {
  for (const ReviewedReaction& row : reviewed_reactions()) {
    CAPTURE(row.name);
    const auto error = error_of([&] { rethrow_translated(CommitError(row.code, "COMMIT")); });
    CHECK(error.code() == ErrorCode::kUnknownOutcome);
  }
}

TEST_CASE("reaction: what may be tried again is thrown as a lock, everything else as what the caller hears") {
  for (const ReviewedReaction& row : reviewed_reactions()) {
    CAPTURE(row.name);
    const SqliteError error(row.code, "work");
    if (row.reaction.retry == Reaction::Retry::kFromBegin) {
      CHECK_THROWS_AS(rethrow_translated(error), weir::repositories::LockedError);
    } else {
      CHECK(error_of([&] { rethrow_translated(error); }).code() == row.reaction.code);
    }
  }
}
