#include <memory>

#include "weir/history/json_writer.h"
#include "weir/service/chat_body.h"
#include "weir/service/chat_frames.h"
#include "weir/service/chat_service.h"
#include "weir/service/frame_channel.h"
#include "weir/service/routes.h"
#include "weir/service/websocket_request.h"

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

/// Turns what happens to a message into frames.
class FrameWriter final : public ReplyListener {
 public:
  explicit FrameWriter(FrameChannel& out) : out_(out) {}
  void on_question(const history::Event& question) override { out_.push(ack_frame(question)); }
  void on_piece(std::string_view piece) override { out_.push_delta(piece); }

 private:
  FrameChannel& out_;
};

/// What both ways to chat share.
struct Chat {
  repositories::SystemClock clock;
  ChatService service;
  const history::ConversationId default_conversation;

  Chat(const Backend& backend, const ServerOptions& options)
      : service(backend.repository, backend.assistant, clock, options.context_messages),
        default_conversation(options.default_conversation) {}

  Response answer(const Request& request) {
    return to_response(service.chat(parse_chat(request.body, default_conversation)));
  }

  void answer(std::string_view message, FrameChannel& out) {
    FrameWriter listener(out);
    const auto answer = service.stream(parse_chat(message, default_conversation), listener);
    out.push(message_frame(answer.event));
  }
};

Response switch_protocols(const Request& request, const PathArguments&) {
  check_websocket_request(request.head);
  return {.status = kSwitchingProtocols};
}

}  // namespace

std::vector<Route> chat_routes(const Backend& backend, const ServerOptions& options) {
  const auto chat = std::make_shared<Chat>(backend, options);
  return {
      {.method = "POST",
       .path = "/api/chat",
       .lane = Lane::kWrite,
       .handler = [chat](const Request& request, const PathArguments&) { return chat->answer(request); },
       .accepts = Accepts::kJson},
      {.method = "GET",
       .path = "/ws/chat",
       .lane = Lane::kUpgrade,
       .handler = switch_protocols,
       .on_message = [chat](std::string_view message, FrameChannel& out) { chat->answer(message, out); }}};
}

}  // namespace weir::service
