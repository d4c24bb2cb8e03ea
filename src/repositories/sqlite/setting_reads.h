#pragma once

#include <optional>
#include <vector>

#include "weir/history/settings_repository.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

// What SettingsRepository's reads ask of a connection. Errors: SqliteError.

/// A setting, or what a deleted one left behind.
struct StoredSetting {
  std::optional<history::JsonText> value;  ///< absent when it was never set, or is deleted
  std::int64_t version = 0;                ///< of the last change, a deletion too; 0 when it was never set
};

StoredSetting find_stored_setting(Connection& connection, const history::SettingName& name);

/// The setting; absent when it has no value.
std::optional<history::Setting> to_setting(const history::SettingName& name, const StoredSetting& stored);

std::vector<history::Setting> list_settings(Connection& connection, const history::SettingScope& scope,
                                            const std::optional<history::SettingKey>& after,
                                            std::size_t limit);

}  // namespace weir::repositories::sqlite
