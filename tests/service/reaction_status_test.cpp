// What a caller over HTTP sees of each result code of SQLite.

#include <doctest/doctest.h>

#include "support/reviewed_reactions.h"
#include "weir/service/problem.h"

using namespace weir::testing;
using weir::history::Error;
using weir::repositories::sqlite::reaction_to;

TEST_CASE("reaction: every result code of SQLite has the status over HTTP that was reviewed") {
  for (const ReviewedReaction& row : reviewed_reactions()) {
    CAPTURE(row.name);
    const auto problem = weir::service::problem_of(Error(reaction_to(row.code).code, "x"));
    CHECK(problem.status == row.http_status);
  }
}
