#include <doctest/doctest.h>

#include "service/api_rig.h"

using namespace weir::service;

namespace {

/// The same, with a policy.
template <class Repo>
struct RetentionApi : ApiRig<Repo> {
  HttpReply apply(const Call& what) { return client_with_policy.call(what.text()); }

  RunningServer server_with_policy{
      any_port(), all_routes({.repository = *this->repository,
                              .assistant = this->assistant,
                              .summariser = this->summariser,
                              .metrics = [] { return std::string(); },
                              .retention = {.policy = weir::history::RetentionPolicy::kMessageCount,
                                            .max_messages_per_conversation = 2}},
                             ServerOptions{})};
  HttpClient client_with_policy{server_with_policy.port()};
};

const Call kApply{.method = "POST", .target = "/v1/retention"};

}  // namespace

TEST_CASE_TEMPLATE("retention: a call applies the configured policy and says how many events went", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  RetentionApi<Repo> api;
  for (int i = 0; i < 5; ++i) api.say("x");
  CHECK(api.call(kApply).body == R"({"deleted_events":0})");
  const HttpReply reply = api.apply(kApply);
  CHECK(reply.status == 200);
  CHECK(reply.body == R"({"deleted_events":3})");
  CHECK(seqs_of(api.get("/v1/conversations/c/events")) == std::vector<int>{4, 5});
  CHECK(api.apply(kApply).body == R"({"deleted_events":0})");
}

TEST_CASE_TEMPLATE("retention: it is asked for with POST, and without parameters", Repo,
                   WEIR_BOTH_REPOSITORIES) {
  ApiRig<Repo> api;
  CHECK(api.get("/v1/retention").status == 405);
  const HttpReply reply = api.call({.method = "POST", .target = "/v1/retention?policy=unlimited"});
  CHECK(reply.status == 400);
  CHECK(field_of(reply) == "policy");
}
