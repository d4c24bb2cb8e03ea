#include "weir/history/json_writer.h"
#include "weir/service/parameters.h"
#include "weir/service/routes.h"
#include "weir/service/trait_body.h"

namespace weir::service {
namespace {

using history::Dimension;
using history::JsonWriter;
using history::PersonalityRepository;
using history::Trait;
using history::TraitChange;
using history::UserId;

constexpr std::int64_t kDefaultLimit = 100;
constexpr NumberParameter kLimit{"limit", 1, history::kTraitHistory};

void write_context(JsonWriter& json, const std::optional<std::string>& context) {
  if (context) {
    json.key("context").string(*context);
  } else {
    json.key("context").null();
  }
}

void write_trait(JsonWriter& json, const Trait& trait) {
  json.begin_object();
  json.key("value").raw(trait.value.to_string());
  json.key("confidence").raw(trait.confidence.to_string());
  json.key("updates").integer(trait.updates);
  write_context(json, trait.context);
  json.key("updated_at").string(history::format_timestamp(trait.updated_at));
  json.end_object();
}

void write_change(JsonWriter& json, const TraitChange& change) {
  json.begin_object();
  json.key("value").raw(change.value.to_string());
  json.key("confidence").raw(change.confidence.to_string());
  write_context(json, change.context);
  if (change.request_id) {
    json.key("request_id").string(change.request_id->value());
  } else {
    json.key("request_id").null();
  }
  json.key("updated_at").string(history::format_timestamp(change.updated_at));
  json.end_object();
}

Response get_personality(PersonalityRepository& repository, const UserId& user) {
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("dimensions").begin_object();
  for (const Trait& trait : repository.personality(user)) {
    write_trait(json.key(trait.dimension.value()), trait);
  }
  json.end_object().end_object();
  return response;
}

Response update(PersonalityRepository& repository, const Request& request, const PathArguments& path) {
  const auto updated =
      repository.update_trait(parse_trait_update(request.body, UserId(path[0]), Dimension(path[1])));
  Response response;
  JsonWriter json(response.body);
  write_trait(json, updated.trait);
  if (updated.duplicate) response.headers.push_back({"Weir-Duplicate", "true"});
  return response;
}

Response get_history(PersonalityRepository& repository, const Request& request, const PathArguments& path) {
  const auto limit = number(request.query, kLimit).value_or(kDefaultLimit);
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("history").begin_array();
  for (const TraitChange& change :
       repository.trait_history(UserId(path[0]), Dimension(path[1]), static_cast<std::size_t>(limit))) {
    write_change(json, change);
  }
  json.end_array().end_object();
  return response;
}

}  // namespace

std::vector<Route> personality_routes(const Backend& backend) {
  PersonalityRepository& repository = backend.repository;
  return {
      {.method = "GET",
       .path = "/v1/users/{uid}/personality",
       .lane = Lane::kRead,
       .handler = [&repository](
                      const Request&,
                      const PathArguments& path) { return get_personality(repository, UserId(path[0])); }},
      {.method = "POST",
       .path = "/v1/users/{uid}/personality/{dimension}",
       .lane = Lane::kWrite,
       .handler = [&repository](const Request& request,
                                const PathArguments& path) { return update(repository, request, path); },
       .accepts = Accepts::kJson},
      {.method = "GET",
       .path = "/v1/users/{uid}/personality/{dimension}/history",
       .lane = Lane::kRead,
       .handler = [&repository](const Request& request,
                                const PathArguments& path) { return get_history(repository, request, path); },
       .parameters = {kLimit.name}},
  };
}

}  // namespace weir::service
