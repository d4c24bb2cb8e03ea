#include "weir/history/json_writer.h"
#include "weir/service/entity_tag.h"
#include "weir/service/json_body.h"
#include "weir/service/parameters.h"
#include "weir/service/problem.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

using history::JsonWriter;
using history::Setting;
using history::SettingChange;
using history::SettingKey;
using history::SettingName;
using history::SettingScope;
using history::SettingsRepository;

constexpr std::int64_t kDefaultLimit = 100;
constexpr NumberParameter kLimit{"limit", 1, 1000};
constexpr std::string_view kAfter = "after";
constexpr std::string_view kScope = "/v1/settings/{scope}";
constexpr std::string_view kSetting = "/v1/settings/{scope}/{key}";
constexpr const char* kIfMatch = "If-Match";
constexpr const char* kIfNoneMatch = "If-None-Match";

SettingName name_of(const PathArguments& path) {
  return {SettingScope(path[0]), SettingKey(path[1])};
}

void write_setting(JsonWriter& json, const Setting& setting) {
  json.begin_object();
  json.key("scope").string(setting.name.scope.value());
  json.key("key").string(setting.name.key.value());
  json.key("value").raw(setting.value.text());
  json.key("version").integer(setting.version);
  json.end_object();
}

Header tag_of(const Setting& setting) {
  return {"ETag", entity_tag(setting.version)};
}

Response shown_setting(const Setting& setting) {
  Response response{.headers = {tag_of(setting)}};
  JsonWriter json(response.body);
  write_setting(json, setting);
  return response;
}

Refusal no_setting() {
  return Refusal({.status = 404, .detail = "there is no setting of this scope and key"});
}

/// Tells the version that the next attempt may name.
Refusal condition_failed(std::string header, const std::optional<Setting>& setting) {
  const char* what = setting ? ": the setting is of the version in ETag" : ": there is no such setting";
  Problem problem{.status = 412, .detail = header + what, .field = std::move(header)};
  if (setting) problem.headers.push_back(tag_of(*setting));
  return Refusal(std::move(problem));
}

/// What a call that changes something demands, and the header by which it does.
struct Demand {
  history::SettingCondition condition = history::Unconditionally{};
  const char* header = kIfMatch;
};

Demand demand_of(const RequestHead& head) {
  const auto match = listed_tags(head, kIfMatch);
  const auto none_match = listed_tags(head, kIfNoneMatch);
  if (match && none_match) throw bad_request(kIfNoneMatch, "stands alone, without If-Match");
  if (none_match && !none_match->is_any) throw bad_request(kIfNoneMatch, "must be * where something changes");
  if (none_match) return {history::IfAbsent{}, kIfNoneMatch};
  if (!match) return {};
  if (match->is_any) return {history::IfPresent{}, kIfMatch};
  return {history::IfVersion{match->versions}, kIfMatch};
}

Response get(SettingsRepository& settings, const Request& request, const SettingName& name) {
  const auto match = listed_tags(request.head, kIfMatch);
  const auto none_match = listed_tags(request.head, kIfNoneMatch);
  const auto setting = settings.find_setting(name);
  if (!setting) throw no_setting();
  if (match && !match->has_strong(setting->version)) throw condition_failed(kIfMatch, setting);
  if (none_match && none_match->has(setting->version)) {
    return Response{.status = 304, .content_type = {}, .headers = {tag_of(*setting)}};
  }
  return shown_setting(*setting);
}

Response put(SettingsRepository& settings, const Request& request, const SettingName& name) {
  const Demand demand = demand_of(request.head);
  const auto value = JsonBody(request.body, {"value"}).value("value");
  if (!value) throw history::invalid("value", "must be given; any JSON value is allowed");
  const SettingChange change = settings.set_setting(name, *value, demand.condition);
  if (change.outcome == SettingChange::Outcome::kConditionFailed) {
    throw condition_failed(demand.header, change.setting);
  }
  Response response = shown_setting(change.setting.value());
  if (change.outcome == SettingChange::Outcome::kCreated) response.status = 201;
  return response;
}

Response remove(SettingsRepository& settings, const Request& request, const SettingName& name) {
  const Demand demand = demand_of(request.head);
  const SettingChange change = settings.delete_setting(name, demand.condition);
  if (change.outcome == SettingChange::Outcome::kConditionFailed) {
    throw condition_failed(demand.header, change.setting);
  }
  if (change.outcome == SettingChange::Outcome::kAbsent) throw no_setting();
  return no_content();
}

std::optional<SettingKey> after_of(const Query& query) {
  const auto after = text(query, kAfter);
  if (!after) return std::nullopt;
  history::check_id(kAfter, *after);
  return SettingKey::stored(*after);
}

Response list(SettingsRepository& repository, const Request& request, const SettingScope& scope) {
  const auto limit = static_cast<std::size_t>(number(request.query, kLimit).value_or(kDefaultLimit));
  // One more than asked for tells whether there is a next page.
  std::vector<Setting> settings = repository.list_settings(scope, after_of(request.query), limit + 1);
  const bool is_last = settings.size() <= limit;
  if (!is_last) settings.pop_back();
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("settings").begin_array();
  for (const Setting& setting : settings) write_setting(json, setting);
  json.end_array().key("next");
  if (is_last) {
    json.null();
  } else {
    json.string(settings.back().name.key.value());
  }
  json.end_object();
  return response;
}

}  // namespace

std::vector<Route> settings_routes(const Backend& backend) {
  SettingsRepository& settings = backend.repository;
  return {
      {.method = "GET",
       .path = kScope,
       .lane = Lane::kRead,
       .handler = [&settings](
                      const Request& request,
                      const PathArguments& path) { return list(settings, request, SettingScope(path[0])); },
       .parameters = {kLimit.name, kAfter}},
      {.method = "GET",
       .path = kSetting,
       .lane = Lane::kRead,
       .handler = [&settings](const Request& request,
                              const PathArguments& path) { return get(settings, request, name_of(path)); }},
      {.method = "PUT",
       .path = kSetting,
       .lane = Lane::kWrite,
       .handler = [&settings](const Request& request,
                              const PathArguments& path) { return put(settings, request, name_of(path)); },
       .accepts = Accepts::kJson},
      {.method = "DELETE",
       .path = kSetting,
       .lane = Lane::kWrite,
       .handler = [&settings](
                      const Request& request,
                      const PathArguments& path) { return remove(settings, request, name_of(path)); }},
  };
}

}  // namespace weir::service
