#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "weir/history/call_options.h"
#include "weir/history/id.h"
#include "weir/history/json_text.h"

namespace weir::history {

struct SettingScopeTag {
  static constexpr std::string_view kField = "scope";
};
struct SettingKeyTag {
  static constexpr std::string_view kField = "key";
};
using SettingScope = Id<SettingScopeTag>;
using SettingKey = Id<SettingKeyTag>;

/// Names one setting: of a user, a device, the application, whatever the caller's scopes are.
struct SettingName {
  SettingScope scope;
  SettingKey key;

  friend bool operator==(const SettingName&, const SettingName&) = default;
};

struct Setting {
  SettingName name;
  JsonText value;            ///< any JSON value
  std::int64_t version = 0;  ///< rises with each change, a deletion among them, and never begins anew

  friend bool operator==(const Setting&, const Setting&) = default;
};

/// What must hold of a setting before it is changed. A deleted one is absent, and of no version.
struct Unconditionally {};
struct IfAbsent {};
struct IfPresent {};
struct IfVersion {
  std::vector<std::int64_t> one_of;
};
using SettingCondition = std::variant<Unconditionally, IfAbsent, IfPresent, IfVersion>;

/// What became of a change.
struct SettingChange {
  enum class Outcome {
    kCreated,
    kChanged,
    kDeleted,
    kAbsent,  ///< there was nothing to delete
    kConditionFailed,
  };
  Outcome outcome;
  std::optional<Setting> setting;  ///< as it now is, whether changed or not; absent when there is none
};

/// Settings by scope and key.
///
/// Thread-safety, Lifetime, Blocking, Errors: as ChatRepository.
class SettingsRepository {
 public:
  SettingsRepository() = default;
  SettingsRepository(const SettingsRepository&) = delete;
  SettingsRepository& operator=(const SettingsRepository&) = delete;
  virtual ~SettingsRepository() = default;

  /// Absent when it was never set, or is deleted.
  virtual std::optional<Setting> find_setting(const SettingName& name, const CallOptions& options = {}) = 0;

  /// Settings of the scope in the byte order of their keys, at most `limit`; those that follow `after`.
  virtual std::vector<Setting> list_settings(const SettingScope& scope,
                                             const std::optional<SettingKey>& after, std::size_t limit,
                                             const CallOptions& options = {}) = 0;

  /// Sets it if `condition` holds: judged and changed in one transaction, so of many callers who compare with
  /// one version one succeeds. The version rises even when the value was the same.
  virtual SettingChange set_setting(const SettingName& name, const JsonText& value,
                                    const SettingCondition& condition = Unconditionally{},
                                    const CallOptions& options = {}) = 0;

  /// Deletes it if `condition` holds, judged as by set_setting().
  virtual SettingChange delete_setting(const SettingName& name,
                                       const SettingCondition& condition = Unconditionally{},
                                       const CallOptions& options = {}) = 0;
};

}  // namespace weir::history
