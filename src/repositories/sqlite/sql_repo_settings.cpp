#include "weir/repositories/sqlite/setting_reads.h"
#include "weir/repositories/sqlite/setting_writes.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

// No change is safe to repeat: one that was stored, and found stored, would fail its own condition, or undo
// what another caller has set since.

std::optional<Setting> SqlRepo::find_setting(const SettingName& name, const CallOptions& options) {
  return read<std::optional<Setting>>(Operation::kFindSetting, options, [&](Connection& connection) {
    return to_setting(name, find_stored_setting(connection, name));
  });
}

std::vector<Setting> SqlRepo::list_settings(const SettingScope& scope, const std::optional<SettingKey>& after,
                                            std::size_t limit, const CallOptions& options) {
  return read<std::vector<Setting>>(Operation::kListSettings, options, [&](Connection& connection) {
    return sqlite::list_settings(connection, scope, after, limit);
  });
}

SettingChange SqlRepo::set_setting(const SettingName& name, const JsonText& value,
                                   const SettingCondition& condition, const CallOptions& options) {
  return write<SettingChange>(
      Operation::kSetSetting, options, {Repeat::kUnsafe, value.text().size()},
      [&](const WriteScope& scope) { return sqlite::set_setting(scope.connection, name, value, condition); });
}

SettingChange SqlRepo::delete_setting(const SettingName& name, const SettingCondition& condition,
                                      const CallOptions& options) {
  return write<SettingChange>(Operation::kDeleteSetting, options, kFewRows, [&](const WriteScope& scope) {
    return sqlite::delete_setting(scope.connection, name, condition);
  });
}

}  // namespace weir::repositories::sqlite
