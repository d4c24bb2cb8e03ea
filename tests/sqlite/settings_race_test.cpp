// Many callers at one setting and at one dimension: who compares wins once, and every addition counts.

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <barrier>
#include <functional>

#include "support/captured_log.h"
#include "support/repository_rig.h"
#include "support/rounds.h"
#include "support/threads.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using Outcome = SettingChange::Outcome;

namespace {

constexpr std::size_t kCallers = 5;
constexpr std::size_t kUpdates = 20;

/// Runs `race` on one repository, each time with a name of its own.
template <class Repo>
void run_rounds(const std::function<void(Repo&, const std::string&)>& race) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const CapturedLog log;
  int round = 0;
  for_rounds([&] { race(*repo, "round-" + std::to_string(++round)); });
  CHECK(log.lines().empty());
}

SettingName named(const std::string& key) {
  return {SettingScope("shared"), SettingKey(key)};
}

JsonText number(std::size_t value) {
  return JsonText::parse(std::to_string(value));
}

/// Has every caller make `attempt` at each of some settings, all at the same moment; one has to succeed at
/// each, and the setting must then be as `is_of` says of the winner.
struct Contest {
  std::function<bool(const SettingName&, std::size_t caller)> attempt;
  std::function<bool(const SettingName&, std::size_t winner)> is_of;

  void run(const std::string& round) const {
    std::array<std::atomic<int>, kUpdates> wins{};
    std::array<std::atomic<std::size_t>, kUpdates> winner{};
    std::barrier all_here(kCallers);
    run_at_once(kCallers, [&](std::size_t caller) {
      for (std::size_t i = 0; i < kUpdates; ++i) {
        all_here.arrive_and_wait();
        if (!attempt(named(round + "-" + std::to_string(i)), caller)) continue;
        ++wins[i];
        winner[i] = caller;
      }
    });
    for (std::size_t i = 0; i < kUpdates; ++i) {
      REQUIRE(wins[i] == 1);
      REQUIRE(is_of(named(round + "-" + std::to_string(i)), winner[i]));
    }
  }
};

/// A contest of callers who set to their own number what `condition` lets them.
Contest to_set(SettingsRepository& repo, const SettingCondition& condition) {
  return {[&repo, condition](const SettingName& name, std::size_t caller) {
            const Outcome outcome = repo.set_setting(name, number(caller), condition).outcome;
            return outcome == Outcome::kCreated || outcome == Outcome::kChanged;
          },
          [&repo](const SettingName& name, std::size_t winner) {
            return repo.find_setting(name)->value == number(winner);
          }};
}

/// Sets what the callers of a round will contend for, each to version 1.
void prepare(SettingsRepository& repo, const std::string& round) {
  for (std::size_t i = 0; i < kUpdates; ++i) {
    repo.set_setting(named(round + "-" + std::to_string(i)), JsonText::parse("null"), IfAbsent{});
  }
}

}  // namespace

TEST_CASE_TEMPLATE("settings: of many who compare with one version one succeeds", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  run_rounds<Repo>([](Repo& repo, const std::string& round) {
    prepare(repo, round);
    to_set(repo, IfVersion{{1}}).run(round);
  });
}

TEST_CASE_TEMPLATE("settings: of many who set it if absent one succeeds", Repo, PooledSqlRepo, AsyncSqlRepo) {
  run_rounds<Repo>([](Repo& repo, const std::string& round) { to_set(repo, IfAbsent{}).run(round); });
}

TEST_CASE_TEMPLATE("settings: of many who delete one version one does", Repo, PooledSqlRepo, AsyncSqlRepo) {
  run_rounds<Repo>([](Repo& repo, const std::string& round) {
    prepare(repo, round);
    const Contest to_delete{
        [&repo](const SettingName& name, std::size_t) {
          return repo.delete_setting(name, IfVersion{{1}}).outcome == Outcome::kDeleted;
        },
        [&repo](const SettingName& name, std::size_t) { return !repo.find_setting(name).has_value(); }};
    to_delete.run(round);
  });
}

TEST_CASE_TEMPLATE("settings: who reads, compares and repeats loses no step of a counter", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  run_rounds<Repo>([](Repo& repo, const std::string& round) {
    const SettingName name = named(round);
    repo.set_setting(name, number(0));
    run_at_once(kCallers, [&](std::size_t) {
      for (std::size_t done = 0; done < kUpdates;) {
        const Setting read = repo.find_setting(name).value();
        const JsonText next = number(std::stoul(read.value.text()) + 1);
        if (repo.set_setting(name, next, IfVersion{{read.version}}).outcome == Outcome::kChanged) ++done;
      }
    });
    REQUIRE(repo.find_setting(name)->value == number(kCallers * kUpdates));
    REQUIRE(repo.find_setting(name)->version == static_cast<std::int64_t>(kCallers * kUpdates) + 1);
  });
}

TEST_CASE_TEMPLATE("personality: 100 additions of 0.005 by five callers end exactly 0.5 above the start",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  run_rounds<Repo>([](Repo& repo, const std::string& round) {
    const UserId user(round);
    const Dimension warmth("warmth");
    repo.update_trait({user, warmth, SetValue{FixedPoint::from_ratio(1, 4)}});
    run_at_once(kCallers, [&](std::size_t) {
      for (std::size_t i = 0; i < kUpdates; ++i) {
        repo.update_trait({user, warmth, AddDelta{*FixedPoint::parse("0.005")}, *FixedPoint::parse("0.01")});
      }
    });
    const Trait end = repo.personality(user).at(0);
    REQUIRE(end.value == FixedPoint::from_ratio(3, 4));
    REQUIRE(end.confidence == FixedPoint::from_ratio(1, 1));
    REQUIRE(end.updates == static_cast<std::int64_t>(kCallers * kUpdates) + 1);
    REQUIRE(repo.trait_history(user, warmth, 1000).size() == kCallers * kUpdates + 1);
  });
}

TEST_CASE_TEMPLATE("personality: five callers begin a dimension at once and each of their updates counts",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  run_rounds<Repo>([](Repo& repo, const std::string& round) {
    const UserId user(round);
    const Dimension warmth("warmth");
    run_at_once(kCallers, [&](std::size_t) {
      for (std::size_t i = 0; i < kUpdates; ++i) {
        repo.update_trait({user, warmth, AddDelta{*FixedPoint::parse(i % 2 == 0 ? "0.025" : "-0.02")}});
      }
    });
    const std::vector<Trait> traits = repo.personality(user);
    REQUIRE(traits.size() == 1);
    REQUIRE(traits.front().value == FixedPoint::from_ratio(3, 4));
    REQUIRE(traits.front().updates == static_cast<std::int64_t>(kCallers * kUpdates));
  });
}

TEST_CASE_TEMPLATE("personality: the same requests from five callers count once each", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  run_rounds<Repo>([](Repo& repo, const std::string& round) {
    const UserId user(round);
    const Dimension warmth("warmth");
    std::atomic<std::size_t> first_times{0};
    run_at_once(kCallers, [&](std::size_t) {
      for (std::size_t i = 0; i < kUpdates; ++i) {
        TraitUpdate update{user, warmth, AddDelta{*FixedPoint::parse("0.005")}};
        update.request_id = RequestId("r" + std::to_string(i));
        if (!repo.update_trait(update).duplicate) ++first_times;
      }
    });
    REQUIRE(first_times == kUpdates);
    REQUIRE(repo.personality(user).at(0).value == *FixedPoint::parse("0.6"));
  });
}
