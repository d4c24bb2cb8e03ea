#include "weir/repositories/sqlite/setting_writes.h"

#include <algorithm>

#include "weir/repositories/sqlite/setting_reads.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

using Outcome = SettingChange::Outcome;

/// Whether a condition holds of a setting as it is stored.
struct Judge {
  const StoredSetting& stored;

  bool operator()(const Unconditionally&) const { return true; }
  bool operator()(const IfAbsent&) const { return !stored.value; }
  bool operator()(const IfPresent&) const { return stored.value.has_value(); }
  bool operator()(const IfVersion& expected) const {
    return stored.value && std::ranges::find(expected.one_of, stored.version) != expected.one_of.end();
  }
};

/// Without a value the row stays for its version, so that one who compares with a version from before the
/// deletion does not take what is set after it for what was there.
void put(Connection& connection, const SettingName& name, const StoredSetting& stored) {
  auto run = connection.statements().settings.put.run();
  run.bind(name.scope.value()).bind(name.key.value());
  if (stored.value) {
    run.bind(stored.value->text());
  } else {
    run.bind_null();
  }
  run.bind(stored.version).execute();
}

}  // namespace

SettingChange set_setting(Connection& connection, const SettingName& name, const JsonText& value,
                          const SettingCondition& condition) {
  const StoredSetting before = find_stored_setting(connection, name);
  if (!std::visit(Judge{before}, condition)) return {Outcome::kConditionFailed, to_setting(name, before)};
  const StoredSetting after{value, before.version + 1};
  put(connection, name, after);
  return {before.value ? Outcome::kChanged : Outcome::kCreated, to_setting(name, after)};
}

SettingChange delete_setting(Connection& connection, const SettingName& name,
                             const SettingCondition& condition) {
  const StoredSetting before = find_stored_setting(connection, name);
  if (!std::visit(Judge{before}, condition)) return {Outcome::kConditionFailed, to_setting(name, before)};
  if (!before.value) return {Outcome::kAbsent, std::nullopt};
  put(connection, name, {std::nullopt, before.version + 1});
  return {Outcome::kDeleted, std::nullopt};
}

}  // namespace weir::repositories::sqlite
