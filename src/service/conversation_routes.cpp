#include "weir/history/json_writer.h"
#include "weir/service/parameters.h"
#include "weir/service/problem.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

using history::ChatRepository;
using history::JsonWriter;

constexpr std::int64_t kDefaultLimit = 50;
constexpr NumberParameter kLimit{"limit", 1, 1000};
constexpr std::string_view kAfter = "after";

void write_text(JsonWriter& json, const std::optional<std::string>& text) {
  if (text) {
    json.string(*text);
  } else {
    json.null();
  }
}

void write_conversation(JsonWriter& json, const history::Conversation& conversation) {
  json.begin_object();
  json.key("id").string(conversation.id.value());
  write_text(json.key("title"), conversation.title);
  json.key("event_count").integer(conversation.event_count);
  json.key("last_seq").integer(conversation.last_seq);
  json.key("created_at").string(history::format_timestamp(conversation.created_at));
  json.key("updated_at").string(history::format_timestamp(conversation.updated_at));
  json.key("preview").string(conversation.preview);
  json.end_object();
}

Response list(ChatRepository& repository, const Request& request) {
  const auto limit = number(request.query, kLimit).value_or(kDefaultLimit);
  const auto page = repository.list_conversations(
      {.limit = static_cast<std::size_t>(limit), .after = text(request.query, kAfter)});
  Response response;
  JsonWriter json(response.body);
  json.begin_object().key("conversations").begin_array();
  for (const history::Conversation& conversation : page.conversations) write_conversation(json, conversation);
  json.end_array();
  write_text(json.key("next"), page.next);
  json.end_object();
  return response;
}

Response remove(ChatRepository& repository, const history::ConversationId& conversation) {
  if (!repository.delete_conversation(conversation)) {
    throw Refusal({.status = 404, .detail = "there is no conversation of this id"});
  }
  return no_content();
}

}  // namespace

std::vector<Route> conversation_routes(ChatRepository& repository) {
  return {
      {.method = "GET",
       .path = "/v1/conversations",
       .lane = Lane::kRead,
       .handler = [&repository](const Request& request,
                                const PathArguments&) { return list(repository, request); },
       .parameters = {kLimit.name, kAfter}},
      {.method = "DELETE",
       .path = "/v1/conversations/{cid}",
       .lane = Lane::kWrite,
       .handler =
           [&repository](const Request&, const PathArguments& path) {
             return remove(repository, history::ConversationId(path[0]));
           }},
  };
}

}  // namespace weir::service
