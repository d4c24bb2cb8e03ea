#include "weir/history/settings_service.h"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "weir/history/error.h"
#include "weir/history/json_string.h"
#include "weir/history/utf8.h"

namespace weir::history {
namespace {

constexpr std::string_view kField = "value";

/// Makes JSON of each type.
struct Printer {
  JsonText operator()(const std::string& text) const {
    if (!is_utf8(text)) throw invalid(kField, "must be UTF-8");
    std::string json;
    append_json_string(json, text);
    return JsonText::stored(std::move(json));
  }
  JsonText operator()(double number) const {
    if (!std::isfinite(number)) throw invalid(kField, "must be a number that is finite");
    std::array<char, 32> shortest;  // the longest double takes 24
    const auto printed = std::to_chars(shortest.begin(), shortest.end(), number);
    return JsonText::stored(std::string(shortest.begin(), printed.ptr));
  }
  JsonText operator()(std::int64_t number) const { return JsonText::stored(std::to_string(number)); }
  JsonText operator()(bool value) const { return JsonText::stored(value ? "true" : "false"); }
  JsonText operator()(const JsonText& json) const { return json; }
};

JsonText to_json(const SettingValue& value) {
  return std::visit(Printer{}, value);
}

/// Makes a `T` of the value, whose JSON is of a type that `is_of_type` knows.
template <class T>
T read_as(const Setting& setting, bool (nlohmann::json::*is_of_type)() const noexcept, const char* type) {
  const auto value = nlohmann::json::parse(setting.value.text());
  if (!(value.*is_of_type)()) throw invalid(kField, std::string("is of another type than ") + type);
  return value.get<T>();
}

}  // namespace

std::string SettingsService::string_or(const SettingName& name, std::string_view otherwise) {
  const auto setting = settings_.find_setting(name);
  if (!setting) return std::string(otherwise);
  return read_as<std::string>(*setting, &nlohmann::json::is_string, "a string");
}

double SettingsService::number_or(const SettingName& name, double otherwise) {
  const auto setting = settings_.find_setting(name);
  return setting ? read_as<double>(*setting, &nlohmann::json::is_number, "a number") : otherwise;
}

bool SettingsService::boolean_or(const SettingName& name, bool otherwise) {
  const auto setting = settings_.find_setting(name);
  return setting ? read_as<bool>(*setting, &nlohmann::json::is_boolean, "a boolean") : otherwise;
}

JsonText SettingsService::json_or(const SettingName& name, const JsonText& otherwise) {
  const auto setting = settings_.find_setting(name);
  return setting ? setting->value : otherwise;
}

Setting SettingsService::set(const SettingName& name, const SettingValue& value) {
  return settings_.set_setting(name, to_json(value)).setting.value();
}

SettingChange SettingsService::set_if_absent(const SettingName& name, const SettingValue& value) {
  return settings_.set_setting(name, to_json(value), IfAbsent{});
}

SettingChange SettingsService::compare_and_set(const Setting& read, const SettingValue& value) {
  return settings_.set_setting(read.name, to_json(value), IfVersion{{read.version}});
}

bool SettingsService::remove(const SettingName& name) {
  return settings_.delete_setting(name).outcome == SettingChange::Outcome::kDeleted;
}

}  // namespace weir::history
