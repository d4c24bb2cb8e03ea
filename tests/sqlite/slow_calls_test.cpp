// What a repository tells the slow log of its calls.

#include <doctest/doctest.h>

#include <regex>

#include "support/captured_log.h"
#include "support/repository_rig.h"

using namespace weir::testing;
using weir::repositories::Seconds;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

/// The lines of what is told of `operation`, when everything is.
template <class Repo>
std::vector<std::string> told_of(const std::string& operation) {
  RepositoryRig rig;
  const Seconds shortest(1e-9);
  rig.options.slow_log = {.operation = shortest, .hold = shortest};
  const auto repository = rig.make<Repo>();
  repository->add_event(user_says("c", "a secret"));
  std::vector<std::string> found;
  const CapturedLog log;
  repository->add_events({user_says("c", "a secret"), user_says("c", "a secret")});
  repository->events({.conversation_id = weir::history::ConversationId("c")});
  for (const std::string& line : log.lines()) {
    CHECK(line.find("secret") == std::string::npos);
    if (line.find(operation) != std::string::npos) found.push_back(line);
  }
  return found;
}

bool is_like(const std::string& line, const std::string& pattern) {
  return std::regex_search(line, std::regex(pattern));
}

}  // namespace

TEST_CASE_TEMPLATE(
    "slow calls: a write tells its wait, hold, commit, rows and batch, and what had the ticket", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  const auto told = told_of<Repo>("add_events");
  REQUIRE(told.size() == 2);
  const std::string numbers = R"(hold 0\.\d{3} s, commit 0\.\d{3} s, rows [3-9], batch 1)";
  CHECK(is_like(told[0], "long hold: add_events had the write ticket: wait .* s, " + numbers));
  CHECK(is_like(told[1], "slow operation: add_events ok took .* s: wait .* s, " + numbers));
}

TEST_CASE_TEMPLATE("slow calls: a read tells its wait and hold", Repo, PooledSqlRepo, AsyncSqlRepo) {
  const auto told = told_of<Repo>(" events ");
  REQUIRE(told.size() == 1);
  CHECK(is_like(told[0], R"(slow operation: events ok took .* s: wait .* s, hold 0\.\d{3} s$)"));
}
