#include "weir/history/json_writer.h"
#include "weir/service/json_body.h"
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
constexpr std::string_view kConversation = "/v1/conversations/{cid}";

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

Response shown_conversation(const history::Conversation& conversation) {
  Response response;
  JsonWriter json(response.body);
  write_conversation(json, conversation);
  return response;
}

Response get(ChatRepository& repository, const history::ConversationId& id) {
  const auto conversation = repository.find_conversation(id);
  if (!conversation) throw no_conversation();
  return shown_conversation(*conversation);
}

Response put(ChatRepository& repository, const Request& request, const history::ConversationId& id) {
  const JsonBody body(request.body, {"title"});
  const auto put = repository.put_conversation(id, body.string("title"));
  Response response = shown_conversation(put.conversation);
  if (put.created) response.status = 201;
  return response;
}

Response remove(ChatRepository& repository, const history::ConversationId& conversation) {
  if (!repository.delete_conversation(conversation)) throw no_conversation();
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
      {.method = "GET",
       .path = kConversation,
       .lane = Lane::kRead,
       .handler =
           [&repository](const Request&, const PathArguments& path) {
             return get(repository, history::ConversationId(path[0]));
           }},
      {.method = "PUT",
       .path = kConversation,
       .lane = Lane::kWrite,
       .handler =
           [&repository](const Request& request, const PathArguments& path) {
             return put(repository, request, history::ConversationId(path[0]));
           },
       .accepts = Accepts::kJson},
      {.method = "DELETE",
       .path = kConversation,
       .lane = Lane::kWrite,
       .handler =
           [&repository](const Request&, const PathArguments& path) {
             return remove(repository, history::ConversationId(path[0]));
           }},
  };
}

}  // namespace weir::service
