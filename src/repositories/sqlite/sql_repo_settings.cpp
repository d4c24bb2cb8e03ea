#include "weir/history/error.h"
#include "weir/repositories/sqlite/sql_repo.h"

namespace weir::repositories::sqlite {

using namespace history;

std::optional<Setting> SqlRepo::find_setting(const SettingName&, const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

std::vector<Setting> SqlRepo::list_settings(const SettingScope&, const std::optional<SettingKey>&,
                                            std::size_t, const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

SettingChange SqlRepo::set_setting(const SettingName&, const JsonText&, const SettingCondition&,
                                   const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

SettingChange SqlRepo::delete_setting(const SettingName&, const SettingCondition&, const CallOptions&) {
  throw Error(ErrorCode::kInternal, "not built yet");
}

}  // namespace weir::repositories::sqlite
