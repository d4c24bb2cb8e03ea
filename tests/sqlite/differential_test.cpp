// The two repositories answer alike, whatever they are asked (invariant I9).

#include <doctest/doctest.h>

#include "sqlite/random_program.h"
#include "support/environment_number.h"
#include "support/repository_rig.h"

using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

constexpr int kSteps = 40;

}  // namespace

TEST_CASE("differential: random programs get the same answers from both repositories") {
  RepositoryRig pooled_rig;
  RepositoryRig legacy_rig;
  const auto pooled = pooled_rig.make<PooledSqlRepo>();
  const auto legacy = legacy_rig.make<AsyncSqlRepo>();
  const int programs = environment_number("WEIR_DIFFERENTIAL_PROGRAMS", 1000);
  for (int seed = 0; seed < programs; ++seed) {
    pooled->clear_all();
    legacy->clear_all();
    const auto from_pooled = RandomProgram(static_cast<std::uint64_t>(seed)).run(*pooled, kSteps);
    const auto from_legacy = RandomProgram(static_cast<std::uint64_t>(seed)).run(*legacy, kSteps);
    CAPTURE(seed);
    REQUIRE(from_pooled == from_legacy);
    REQUIRE(from_pooled.find("a message is missing") == std::string::npos);
    REQUIRE(from_pooled.size() > kSteps);
  }
}

TEST_CASE(
    "differential: a program whose repository changes half-way gets the answers of one whose does not") {
  RepositoryRig switched_rig;
  RepositoryRig steady_rig;
  const auto steady = steady_rig.make<PooledSqlRepo>();
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    RandomProgram switched_program(seed);
    RandomProgram steady_program(seed);
    steady->clear_all();
    switched_rig.make<PooledSqlRepo>()->clear_all();
    for (int part = 0; part < 3; ++part) {
      const auto expected = steady_program.run(*steady, kSteps);
      const auto found = part == 1 ? switched_program.run(*switched_rig.make<AsyncSqlRepo>(), kSteps)
                                   : switched_program.run(*switched_rig.make<PooledSqlRepo>(), kSteps);
      CAPTURE(seed);
      REQUIRE(found == expected);
    }
  }
}
