// What PersonalityRepository promises, on both repositories (invariant I9).

#include <doctest/doctest.h>

#include <limits>

#include "support/error_of.h"
#include "support/repository_rig.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

const UserId kUser("u");
const Dimension kWarmth("warmth");

FixedPoint fraction(std::string_view number) {
  return FixedPoint::parse(number).value();
}

TraitUpdate set_to(std::string_view number) {
  return {kUser, kWarmth, SetValue{fraction(number)}};
}

TraitUpdate add(std::string_view number) {
  return {kUser, kWarmth, AddDelta{fraction(number)}};
}

TraitUpdate with_request(TraitUpdate update, const std::string& request) {
  update.request_id = RequestId(request);
  return update;
}

TraitUpdate with_confidence(TraitUpdate update, std::string_view change) {
  update.confidence_change = fraction(change);
  return update;
}

TraitUpdate with_context(TraitUpdate update, const std::string& context) {
  update.context = context;
  return update;
}

TraitUpdate of(TraitUpdate update, const std::string& dimension) {
  update.dimension = Dimension(dimension);
  return update;
}

/// The field that is blamed; the update must change nothing.
std::string refused_field(PersonalityRepository& repo, const TraitUpdate& update) {
  const auto before = repo.personality(update.user);
  const auto history = repo.trait_history(update.user, update.dimension, 10);
  const Error error = error_of([&] { repo.update_trait(update); });
  CHECK(error.code() == ErrorCode::kInvalidArgument);
  CHECK(repo.personality(update.user) == before);
  CHECK(repo.trait_history(update.user, update.dimension, 10) == history);
  return error.field();
}

}  // namespace

TEST_CASE_TEMPLATE("personality: an unknown user has no dimensions and no history", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(repo->personality(kUser).empty());
  CHECK(repo->trait_history(kUser, kWarmth, 10).empty());
}

TEST_CASE_TEMPLATE("personality: a dimension begins at 0.5 without confidence, and holds its last update",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const UpdatedTrait first =
      repo->update_trait(with_context(with_confidence(add("-0.125"), "0.25"), "said \"no\""));
  CHECK_FALSE(first.duplicate);
  CHECK(first.trait.dimension == kWarmth);
  CHECK(first.trait.value == fraction("0.375"));
  CHECK(first.trait.confidence == fraction("0.25"));
  CHECK(first.trait.updates == 1);
  CHECK(first.trait.context == "said \"no\"");
  CHECK(repo->personality(kUser) == std::vector<Trait>{first.trait});
  const UpdatedTrait second = repo->update_trait(set_to("0.9"));
  CHECK(second.trait.value == fraction("0.9"));
  CHECK(second.trait.confidence == fraction("0.25"));
  CHECK(second.trait.updates == 2);
  CHECK_FALSE(second.trait.context);
  CHECK(second.trait.updated_at >= first.trait.updated_at);
  CHECK(repo->personality(kUser) == std::vector<Trait>{second.trait});
}

TEST_CASE_TEMPLATE("personality: dimensions are listed by name, and users are apart", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* dimension : {"wit", "calm", "Zeal"}) repo->update_trait(of(set_to("0.1"), dimension));
  TraitUpdate other = set_to("0.2");
  other.user = UserId("v");
  repo->update_trait(other);
  std::vector<std::string> names;
  for (const Trait& trait : repo->personality(kUser)) names.push_back(trait.dimension.value());
  CHECK(names == std::vector<std::string>{"Zeal", "calm", "wit"});
  REQUIRE(repo->personality(other.user).size() == 1);
  CHECK(repo->personality(other.user).front().value == fraction("0.2"));
}

TEST_CASE_TEMPLATE("personality: confidence is clamped, a value out of range is refused", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(refused_field(*repo, set_to("1.000000000001")) == "value");
  CHECK(refused_field(*repo, set_to("-0.000000000001")) == "value");
  CHECK(refused_field(*repo, add("0.500000000001")) == "delta");
  CHECK(repo->update_trait(with_confidence(add("0.5"), "1000")).trait.confidence == fraction("1"));
  CHECK(refused_field(*repo, add("0.000000000001")) == "delta");
  CHECK(repo->update_trait(with_confidence(add("-1"), "-1000")).trait.confidence == fraction("0"));
  CHECK(refused_field(*repo, add("-0.000000000001")) == "delta");
  CHECK(repo->update_trait(set_to("1")).trait.value == fraction("1"));
  CHECK(repo->update_trait(set_to("0")).trait.value == fraction("0"));
}

TEST_CASE_TEMPLATE("personality: numbers that would overflow a sum are refused or clamped like any", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const auto huge = FixedPoint::from_units(std::numeric_limits<std::int64_t>::max());
  const auto tiny = FixedPoint::from_units(std::numeric_limits<std::int64_t>::min());
  CHECK(refused_field(*repo, {kUser, kWarmth, AddDelta{huge}}) == "delta");
  CHECK(refused_field(*repo, {kUser, kWarmth, AddDelta{tiny}}) == "delta");
  CHECK(refused_field(*repo, {kUser, kWarmth, SetValue{huge}}) == "value");
  CHECK(refused_field(*repo, {kUser, kWarmth, SetValue{tiny}}) == "value");
  TraitUpdate sure = set_to("1");
  sure.confidence_change = huge;
  CHECK(repo->update_trait(sure).trait.confidence == fraction("1"));
  CHECK(repo->update_trait(sure).trait.confidence == fraction("1"));
  sure.confidence_change = tiny;
  CHECK(repo->update_trait(sure).trait.confidence == fraction("0"));
}

TEST_CASE_TEMPLATE("personality: a context is UTF-8 and bounded", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(refused_field(*repo, with_context(add("0"), "\xFF")) == "context");
  CHECK(refused_field(*repo, with_context(add("0"), std::string(kMaxTraitContextBytes + 1, 'x'))) ==
        "context");
  const std::string longest(kMaxTraitContextBytes, 'x');
  CHECK(repo->update_trait(with_context(add("0"), longest)).trait.context == longest);
  CHECK(repo->update_trait(with_context(add("0"), "")).trait.context == "");
}

TEST_CASE_TEMPLATE("personality: a repeated request changes nothing, whatever it says", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->update_trait(with_request(add("0.1"), "r"));
  const Trait now = repo->update_trait(add("0.1")).trait;
  for (const TraitUpdate& repeated : {with_request(add("0.1"), "r"), with_request(set_to("77"), "r")}) {
    const UpdatedTrait again = repo->update_trait(repeated);
    CHECK(again.duplicate);
    CHECK(again.trait == now);
  }
  CHECK(repo->personality(kUser) == std::vector<Trait>{now});
  CHECK(repo->trait_history(kUser, kWarmth, 10).size() == 2);
  // Of another dimension or user it is another request.
  CHECK_FALSE(repo->update_trait(with_request(of(add("0.1"), "wit"), "r")).duplicate);
  TraitUpdate other = with_request(add("0.1"), "r");
  other.user = UserId("v");
  CHECK_FALSE(repo->update_trait(other).duplicate);
}

TEST_CASE_TEMPLATE("personality: a refused request leaves its id to be used", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(refused_field(*repo, with_request(add("0.6"), "r")) == "delta");
  CHECK_FALSE(repo->update_trait(with_request(add("0.4"), "r")).duplicate);
}

TEST_CASE_TEMPLATE("personality: the history tells each update, newest first", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const Trait first = repo->update_trait(with_request(with_context(set_to("0.1"), "why"), "r")).trait;
  const Trait second = repo->update_trait(with_confidence(add("0.2"), "0.5")).trait;
  const TraitChange older{fraction("0.1"), {}, "why", RequestId("r"), first.updated_at};
  const TraitChange newer{fraction("0.3"), fraction("0.5"), {}, {}, second.updated_at};
  CHECK(repo->trait_history(kUser, kWarmth, 10) == std::vector<TraitChange>{newer, older});
  CHECK(repo->trait_history(kUser, kWarmth, 1) == std::vector<TraitChange>{newer});
  CHECK(repo->trait_history(kUser, Dimension("wit"), 10).empty());
  CHECK(repo->trait_history(UserId("v"), kWarmth, 10).empty());
}

TEST_CASE_TEMPLATE("personality: the last updates are kept and older ones forgotten, their requests never",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  repo->update_trait(with_request(of(add("0.1"), "wit"), "first"));
  repo->update_trait(with_request(add("0.1"), "first"));
  repo->update_trait(with_request(add("0.1"), "second"));
  for (std::int64_t i = 2; i < kTraitHistory; ++i) repo->update_trait(add("0"));
  const auto all = static_cast<std::size_t>(kTraitHistory);
  CHECK(repo->trait_history(kUser, kWarmth, 2 * all).size() == all);
  CHECK(repo->update_trait(with_request(add("0.1"), "first")).duplicate);
  const Trait last = repo->update_trait(add("0")).trait;
  CHECK(last.updates == kTraitHistory + 1);
  const auto history = repo->trait_history(kUser, kWarmth, 2 * all);
  CHECK(history.size() == all);
  CHECK(history.back().request_id == RequestId("second"));
  CHECK(repo->update_trait(with_request(add("0.1"), "first")).duplicate);
  CHECK(repo->trait_history(kUser, Dimension("wit"), 10).size() == 1);
}

TEST_CASE_TEMPLATE("personality: a user may have so many dimensions and no more", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (std::int64_t i = 0; i < kMaxDimensions; ++i) {
    repo->update_trait(of(add("0"), "d" + std::to_string(i)));
  }
  const Error error = error_of([&] { repo->update_trait(of(add("0"), "one more")); });
  CHECK(error.code() == ErrorCode::kInvalidArgument);
  CHECK(error.field() == "dimension");
  CHECK(repo->personality(kUser).size() == static_cast<std::size_t>(kMaxDimensions));
  CHECK(repo->update_trait(of(add("0.1"), "d7")).trait.updates == 2);
  TraitUpdate other = add("0");
  other.user = UserId("v");
  CHECK(repo->update_trait(other).trait.updates == 1);
}
