// ChatRepository::import_events on both repositories.

#include <doctest/doctest.h>

#include "support/repository_rig.h"
#include "weir/history/event_json.h"

using namespace weir::history;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using namespace weir::testing;

namespace {

using enum ImportResult::Outcome;

ImportResult import_one(ChatRepository& repo, const char* json) {
  return repo.import_events({parse_event(json)}).at(0);
}

}  // namespace

TEST_CASE_TEMPLATE("import: the same lines again are duplicates, named by seq, id or request id", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* line :
       {R"({"conversation_id":"c","seq":1,"type":"user_message","content":"a","extra":{"b":1,"a":2}})",
        R"({"conversation_id":"c","id":"i","type":"meta","usage":null})",
        R"({"conversation_id":"c","request_id":"r","type":"meta","token_count":5})"}) {
    CAPTURE(line);
    CHECK(import_one(*repo, line).outcome == kImported);
    CHECK(import_one(*repo, line).outcome == kDuplicate);
  }
  CHECK(import_one(*repo, R"({"conversation_id":"c","seq":1,"type":"user_message","extra":{"a":2,"b":1.0}})")
            .outcome == kDuplicate);
  CHECK(repo->events({ConversationId("c")}).size() == 3);
}

TEST_CASE_TEMPLATE("import: a line that names a stored event and differs is rejected with the field", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  import_one(*repo,
             R"({"conversation_id":"c","seq":1,"id":"i","type":"user_message","role":"user","content":"a"})");
  const ImportResult other =
      import_one(*repo, R"({"conversation_id":"c","id":"i","type":"user_message","content":"b"})");
  CHECK(other.outcome == kRejected);
  CHECK(other.reason.starts_with("content:"));
  CHECK(import_one(*repo, R"({"conversation_id":"d","id":"i","type":"user_message"})")
            .reason.starts_with("conversation_id:"));
  CHECK(import_one(*repo, R"({"conversation_id":"c","seq":1,"id":"i","type":"user_message","role":null})")
            .reason.starts_with("role:"));
}

TEST_CASE_TEMPLATE("import: any seq above the last is taken, one below is not", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(import_one(*repo, R"({"conversation_id":"c","seq":5,"type":"meta"})").outcome == kImported);
  const ImportResult below = import_one(*repo, R"({"conversation_id":"c","seq":3,"type":"meta"})");
  CHECK(below.outcome == kRejected);
  CHECK(below.reason.starts_with("seq:"));
  CHECK(import_one(*repo, R"({"conversation_id":"c","type":"meta"})").outcome == kImported);
  CHECK(repo->events({ConversationId("c")}).back().seq == 6);
}

TEST_CASE_TEMPLATE("import: each event is judged alone, the rest goes in", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const auto results = repo->import_events({parse_event(R"({"conversation_id":"c","seq":2,"type":"meta"})"),
                                            parse_event(R"({"conversation_id":"c","seq":1,"type":"meta"})"),
                                            parse_event(R"({"conversation_id":"c","seq":3,"type":"meta"})")});
  CHECK(results[0].outcome == kImported);
  CHECK(results[1].outcome == kRejected);
  CHECK(results[2].outcome == kImported);
}
