#pragma once

#include "weir/history/settings_repository.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

// What SettingsRepository's writes ask of a connection that stands in a write transaction. Errors:
// SqliteError.

history::SettingChange set_setting(Connection& connection, const history::SettingName& name,
                                   const history::JsonText& value,
                                   const history::SettingCondition& condition);
history::SettingChange delete_setting(Connection& connection, const history::SettingName& name,
                                      const history::SettingCondition& condition);

}  // namespace weir::repositories::sqlite
