#include "weir/repositories/sqlite/setting_reads.h"

namespace weir::repositories::sqlite {

using namespace history;

StoredSetting find_stored_setting(Connection& connection, const SettingName& name) {
  auto run = connection.statements().settings.find.run();
  run.bind(name.scope.value()).bind(name.key.value());
  StoredSetting stored;
  if (!run.step()) return stored;
  if (!run.is_null(0)) stored.value = JsonText::stored(std::string(run.text(0)));
  stored.version = run.integer(1);
  return stored;
}

std::optional<Setting> to_setting(const SettingName& name, const StoredSetting& stored) {
  if (!stored.value) return std::nullopt;
  return Setting{name, *stored.value, stored.version};
}

std::vector<Setting> list_settings(Connection& connection, const SettingScope& scope,
                                   const std::optional<SettingKey>& after, std::size_t limit) {
  auto run = connection.statements().settings.list.run();
  run.bind(scope.value())
      .bind(after ? std::string_view(after->value()) : std::string_view())
      .bind(static_cast<std::int64_t>(limit));
  std::vector<Setting> settings;
  while (run.step()) {
    settings.push_back({{scope, SettingKey::stored(run.text(0))},
                        JsonText::stored(std::string(run.text(1))),
                        run.integer(2)});
  }
  return settings;
}

}  // namespace weir::repositories::sqlite
