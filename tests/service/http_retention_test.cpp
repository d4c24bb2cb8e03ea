#include <doctest/doctest.h>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

/// Two messages of a conversation are kept.
void keep_two(weir::repositories::sqlite::RepositoryOptions& options) {
  options.retention = {.policy = weir::history::RetentionPolicy::kMessageCount,
                       .max_messages_per_conversation = 2};
  options.upkeep = weir::repositories::sqlite::Upkeep::kBesideCalls;
}

const Call kApply{.method = "POST", .target = "/v1/retention"};

}  // namespace

TEST_CASE_TEMPLATE("retention: a call applies the configured policy and says how many events went", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api(keep_two);
  for (int i = 0; i < 5; ++i) api.say("x");
  const HttpReply reply = api.call(kApply);
  CHECK(reply.status == 200);
  // The pass that begins with the repository may have taken some of the three.
  CHECK(json::parse(reply.body).at("deleted_events") <= 3);
  CHECK(seqs_of(api.get("/v1/conversations/c/events")) == std::vector<int>{4, 5});
  CHECK(api.call(kApply).body == R"({"deleted_events":0})");
}

TEST_CASE_TEMPLATE("retention: nothing is deleted unasked", Repo, WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  for (int i = 0; i < 5; ++i) api.say("x");
  CHECK(api.call(kApply).body == R"({"deleted_events":0})");
  CHECK(seqs_of(api.get("/v1/conversations/c/events")).size() == 5);
}

TEST_CASE_TEMPLATE("retention: it is asked for with POST, and without parameters", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get("/v1/retention").status == 405);
  const HttpReply reply = api.call({.method = "POST", .target = "/v1/retention?policy=unlimited"});
  CHECK(reply.status == 400);
  CHECK(field_of(reply) == "policy");
}
