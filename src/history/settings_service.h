#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "weir/history/settings_repository.h"

namespace weir::history {

/// What a setting may be given; JsonText for lists, objects and null.
using SettingValue = std::variant<std::string, double, std::int64_t, bool, JsonText>;

/// Settings with the types of C++: what an application asks of them, in its own words.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Lifetime: the repository outlives it.
/// Blocking: as the repository.
/// Errors: history::Error from the repository; kInvalidArgument naming `value` for text that is not UTF-8,
/// for
///   a number that is none, and from every read that finds a value of another type.
class SettingsService {
 public:
  explicit SettingsService(SettingsRepository& settings) : settings_(settings) {}

  /// The setting's value, or `otherwise` where there is none. A value of another type is an error and not
  /// `otherwise`: somebody set it, and would not see why it has no effect.
  std::string string_or(const SettingName& name, std::string_view otherwise);
  double number_or(const SettingName& name, double otherwise);
  bool boolean_or(const SettingName& name, bool otherwise);
  JsonText json_or(const SettingName& name, const JsonText& otherwise);

  Setting set(const SettingName& name, const SettingValue& value);

  /// However many ask at once, the value of one is kept: kCreated for that one, kConditionFailed and the
  /// setting as it is for the others.
  SettingChange set_if_absent(const SettingName& name, const SettingValue& value);

  /// What a version that was read is replaced by, unless it has changed since: kChanged, or kConditionFailed
  /// and the setting as it is.
  SettingChange compare_and_set(const Setting& read, const SettingValue& value);

  /// False when there is none.
  bool remove(const SettingName& name);

 private:
  SettingsRepository& settings_;
};

}  // namespace weir::history
