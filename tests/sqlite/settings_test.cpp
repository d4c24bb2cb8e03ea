// What SettingsRepository promises, and SettingsService on top of it, on both repositories (invariant I9).

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "support/error_of.h"
#include "support/repository_rig.h"
#include "weir/history/settings_service.h"

using namespace weir::history;
using namespace weir::testing;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using Outcome = SettingChange::Outcome;

namespace {

SettingName named(const std::string& key) {
  return {SettingScope("user:7"), SettingKey(key)};
}

JsonText json(std::string_view text) {
  return JsonText::parse(text);
}

std::vector<std::string> keys_of(const std::vector<Setting>& settings) {
  std::vector<std::string> keys;
  for (const Setting& setting : settings) keys.push_back(setting.name.key.value());
  return keys;
}

}  // namespace

TEST_CASE_TEMPLATE("settings: what is set is found, every JSON value as it was given", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK_FALSE(repo->find_setting(named("theme")));
  for (const char* value : {R"("dark")", "1.50", "true", "null", R"({"b":1,"a":[null,""]})", "[]", R"("")"}) {
    CAPTURE(value);
    repo->set_setting(named("theme"), json(value));
    CHECK(repo->find_setting(named("theme"))->value.text() == value);
  }
  CHECK_FALSE(repo->find_setting({SettingScope("user:8"), SettingKey("theme")}));
}

TEST_CASE_TEMPLATE("settings: a change tells what it did, and the version rises with each", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const SettingChange created = repo->set_setting(named("a"), json("1"));
  CHECK(created.outcome == Outcome::kCreated);
  CHECK(created.setting == Setting{named("a"), json("1"), 1});
  const SettingChange changed = repo->set_setting(named("a"), json("1"));
  CHECK(changed.outcome == Outcome::kChanged);
  CHECK(changed.setting == Setting{named("a"), json("1"), 2});
  CHECK(repo->find_setting(named("a")) == changed.setting);
  CHECK(repo->set_setting(named("b"), json("1")).setting->version == 1);
}

TEST_CASE_TEMPLATE("settings: a deleted one is absent, and its version goes on when it is set again", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(repo->delete_setting(named("a")).outcome == Outcome::kAbsent);
  const auto first = repo->set_setting(named("a"), json("1")).setting->version;
  const SettingChange deleted = repo->delete_setting(named("a"));
  CHECK(deleted.outcome == Outcome::kDeleted);
  CHECK_FALSE(deleted.setting);
  CHECK_FALSE(repo->find_setting(named("a")));
  CHECK(repo->list_settings(named("a").scope, {}, 10).empty());
  CHECK(repo->delete_setting(named("a")).outcome == Outcome::kAbsent);
  const SettingChange again = repo->set_setting(named("a"), json("1"));
  CHECK(again.outcome == Outcome::kCreated);
  CHECK(again.setting->version > first + 1);
}

TEST_CASE_TEMPLATE("settings: a condition that does not hold leaves all as it is, and tells how that is",
                   Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  const auto fails = [&](const SettingCondition& condition) {
    const auto before = repo->find_setting(named("a"));
    for (const SettingChange& change :
         {repo->set_setting(named("a"), json("2"), condition), repo->delete_setting(named("a"), condition)}) {
      CHECK(change.outcome == Outcome::kConditionFailed);
      CHECK(change.setting == before);
    }
    CHECK(repo->find_setting(named("a")) == before);
  };
  fails(IfPresent{});
  fails(IfVersion{{0}});
  fails(IfVersion{{1}});
  repo->set_setting(named("a"), json("1"));
  fails(IfAbsent{});
  fails(IfVersion{{}});
  fails(IfVersion{{0, 2}});
  repo->delete_setting(named("a"));
  fails(IfPresent{});
  fails(IfVersion{{1, 2, 3}});
}

TEST_CASE_TEMPLATE("settings: a condition that holds lets the change through", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  CHECK(repo->set_setting(named("a"), json("1"), IfAbsent{}).outcome == Outcome::kCreated);
  CHECK(repo->set_setting(named("a"), json("2"), IfPresent{}).outcome == Outcome::kChanged);
  CHECK(repo->set_setting(named("a"), json("3"), IfVersion{{7, 2}}).outcome == Outcome::kChanged);
  CHECK(repo->find_setting(named("a")) == Setting{named("a"), json("3"), 3});
  CHECK(repo->delete_setting(named("a"), IfVersion{{3}}).outcome == Outcome::kDeleted);
  CHECK(repo->delete_setting(named("a"), IfAbsent{}).outcome == Outcome::kAbsent);
  CHECK(repo->set_setting(named("a"), json("4"), IfAbsent{}).outcome == Outcome::kCreated);
  CHECK(repo->delete_setting(named("a"), IfPresent{}).outcome == Outcome::kDeleted);
}

TEST_CASE_TEMPLATE("settings: a scope is listed by key in pages, and holds nothing of another", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  for (const char* key : {"b", "ä", "a", "c", "B"}) repo->set_setting(named(key), json("1"));
  repo->set_setting({SettingScope("user:8"), SettingKey("bb")}, json("1"));
  repo->delete_setting(named("c"));
  const SettingScope scope("user:7");
  const auto all = repo->list_settings(scope, {}, 10);
  CHECK(keys_of(all) == std::vector<std::string>{"B", "a", "b", "ä"});
  CHECK(all[1] == Setting{named("a"), json("1"), 1});
  CHECK(keys_of(repo->list_settings(scope, {}, 2)) == std::vector<std::string>{"B", "a"});
  CHECK(keys_of(repo->list_settings(scope, SettingKey("a"), 1)) == std::vector<std::string>{"b"});
  CHECK(keys_of(repo->list_settings(scope, SettingKey("bb"), 9)) == std::vector<std::string>{"ä"});
  CHECK(repo->list_settings(SettingScope("user:9"), {}, 10).empty());
}

TEST_CASE_TEMPLATE("settings: they are there when the file is opened again", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  rig.make<Repo>()->set_setting(named("a"), json("1"));
  CHECK(rig.make<Repo>()->set_setting(named("a"), json("2"), IfVersion{{1}}).outcome == Outcome::kChanged);
}

TEST_CASE_TEMPLATE("settings: values have the types of C++, and a default where there is none", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  SettingsService settings(*repo);
  CHECK(settings.string_or(named("s"), "light") == "light");
  CHECK(settings.number_or(named("n"), 0.5) == 0.5);
  CHECK(settings.boolean_or(named("b"), true));
  CHECK(settings.json_or(named("j"), json("[1]")) == json("[1]"));
  const std::string text("d\"ä\n\0rk", 8);
  settings.set(named("s"), text);
  settings.set(named("n"), -0.1);
  settings.set(named("b"), false);
  settings.set(named("j"), json(R"({"a":1})"));
  CHECK(settings.string_or(named("s"), "light") == text);
  CHECK(settings.number_or(named("n"), 0.5) == -0.1);
  CHECK_FALSE(settings.boolean_or(named("b"), true));
  CHECK(settings.json_or(named("j"), json("[1]")) == json(R"({"a":1})"));
}

TEST_CASE_TEMPLATE("settings: a value is kept as JSON, numbers with the digits they need", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  SettingsService settings(*repo);
  const auto kept = [&](const SettingValue& value) { return settings.set(named("a"), value).value.text(); };
  CHECK(kept("") == R"("")");
  CHECK(kept(true) == "true");
  CHECK(kept(20) == "20");
  CHECK(kept(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(kept(0.1) == "0.1");
  CHECK(kept(5.0) == "5");
  CHECK(JsonText::parse(kept(std::numeric_limits<double>::max())).text() == kept(1.7976931348623157e308));
  CHECK(settings.number_or(named("a"), 0) == std::numeric_limits<double>::max());
  settings.set(named("a"), 20);
  CHECK(settings.number_or(named("a"), 0) == 20);
}

TEST_CASE_TEMPLATE("settings: a value of another type is an error, not the default", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  SettingsService settings(*repo);
  const auto is_refused = [](auto call) {
    const Error error = error_of(call);
    CHECK(error.code() == ErrorCode::kInvalidArgument);
    CHECK(error.field() == "value");
  };
  for (const char* value : {"null", "[]", "{}"}) {
    settings.set(named("a"), json(value));
    is_refused([&] { settings.string_or(named("a"), "light"); });
    is_refused([&] { settings.number_or(named("a"), 1); });
    is_refused([&] { settings.boolean_or(named("a"), true); });
  }
  settings.set(named("a"), "1");
  is_refused([&] { settings.number_or(named("a"), 1); });
  settings.set(named("a"), 1);
  is_refused([&] { settings.boolean_or(named("a"), true); });
  is_refused([&] { settings.string_or(named("a"), ""); });
}

TEST_CASE_TEMPLATE("settings: what is no JSON is not stored", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  SettingsService settings(*repo);
  for (const SettingValue& wrong :
       {SettingValue(std::nan("")), SettingValue(HUGE_VAL), SettingValue("\xFF")}) {
    const Error error = error_of([&] { settings.set(named("a"), wrong); });
    CHECK(error.code() == ErrorCode::kInvalidArgument);
    CHECK(error.field() == "value");
  }
  CHECK_FALSE(repo->find_setting(named("a")));
}

TEST_CASE_TEMPLATE("settings: set if absent, compare and set, remove", Repo, PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();
  SettingsService settings(*repo);
  CHECK(settings.set_if_absent(named("a"), "first").outcome == Outcome::kCreated);
  const SettingChange second = settings.set_if_absent(named("a"), "second");
  CHECK(second.outcome == Outcome::kConditionFailed);
  const Setting read = *second.setting;
  CHECK(read.value == json(R"("first")"));
  CHECK(settings.compare_and_set(read, "third").outcome == Outcome::kChanged);
  const SettingChange stale = settings.compare_and_set(read, "fourth");
  CHECK(stale.outcome == Outcome::kConditionFailed);
  CHECK(stale.setting->value == json(R"("third")"));
  CHECK(settings.remove(named("a")));
  CHECK_FALSE(settings.remove(named("a")));
  CHECK(settings.compare_and_set(read, "fifth").outcome == Outcome::kConditionFailed);
}
