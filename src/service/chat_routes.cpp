#include <memory>

#include "weir/history/json_writer.h"
#include "weir/service/chat_body.h"
#include "weir/service/chat_service.h"
#include "weir/service/routes.h"

namespace weir::service {
namespace {

Response to_response(const ChatAnswer& answer) {
  Response response;
  if (answer.duplicate) response.headers.push_back({"Weir-Duplicate", "true"});
  history::JsonWriter json(response.body);
  json.begin_object();
  json.key("response").string(answer.response);
  json.key("conversation_id").string(answer.conversation_id.value());
  json.key("message_id").string(answer.message_id.value());
  json.key("user_message_id").string(answer.user_message_id.value());
  json.end_object();
  return response;
}

}  // namespace

std::vector<Route> chat_routes(const Backend& backend, const ServerOptions& options) {
  auto service =
      std::make_shared<ChatService>(backend.repository, backend.assistant, options.context_messages);
  const history::ConversationId default_conversation(options.default_conversation);
  return {{.method = "POST",
           .path = "/api/chat",
           .lane = Lane::kWrite,
           .handler =
               [service, default_conversation](const Request& request, const PathArguments&) {
                 return to_response(service->chat(parse_chat(request.body, default_conversation)));
               },
           .accepts = Accepts::kJson}};
}

}  // namespace weir::service
