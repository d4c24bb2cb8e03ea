#include "weir/service/chat_service.h"

#include <nlohmann/json.hpp>

#include "weir/history/error.h"
#include "weir/history/json_writer.h"
#include "weir/service/delta_log.h"

namespace weir::service {
namespace {

using history::Appended;
using history::Event;
using history::EventType;
using history::NewEvent;

/// Names the question by its id: its seq may go to another one when it is removed. An id too long for that is
/// its writer's own, and then the seq must do.
history::RequestId reply_request(const Event& question) {
  constexpr std::size_t kMaxIdBytes = 240;
  const std::string& id = question.id.value();
  return history::RequestId("reply-to:" + (id.size() <= kMaxIdBytes ? id : std::to_string(question.seq)));
}

std::string text_of(const Event& event) {
  return event.content ? event.content->plain_text() : std::string();
}

/// Whoever uses a request_id for something else first must not get that something as a message or an answer.
void check_type(const Event& event, EventType type) {
  if (event.type == type) return;
  throw history::Error(
      history::ErrorCode::kConflict,
      "request_id: names an event of this conversation that is no " + std::string(history::to_string(type)),
      "request_id");
}

/// What the message's `extra` says of how it was said.
std::optional<history::JsonText> extra_of(const ChatMessage& message) {
  if (!message.modality) return std::nullopt;
  std::string json;
  history::JsonWriter(json).begin_object().key("modality").string(*message.modality).end_object();
  return history::JsonText::stored(std::move(json));
}

std::optional<std::string> modality_of(const Event& question) {
  const auto asked = nlohmann::json::parse(question.extra.text());
  const auto modality = asked.find("modality");
  if (modality == asked.end() || !modality->is_string()) return std::nullopt;
  return modality->get<std::string>();
}

/// Whether it is a piece of a reply that is streamed just now, or that broke off.
bool is_delta(const Event& event) {
  if (event.type != EventType::kMeta) return false;
  const auto extra = nlohmann::json::parse(event.extra.text());
  const auto kind = extra.find("kind");
  return kind != extra.end() && *kind == "assistant_delta";
}

/// The answer names its question, and is said as that was.
std::optional<history::JsonText> extra_of_answer(const Event& question) {
  const auto modality = modality_of(question);
  if (!question.request_id && !modality) return std::nullopt;
  std::string json;
  history::JsonWriter writer(json);
  writer.begin_object();
  if (question.request_id) writer.key("user_request_id").string(question.request_id->value());
  if (modality) writer.key("modality").string(*modality);
  writer.end_object();
  return history::JsonText::stored(std::move(json));
}

/// By what deltas name the question: its request_id, or, where it has none, its id.
history::RequestId name_of(const Event& question) {
  return question.request_id ? *question.request_id : history::RequestId(question.id.value());
}

}  // namespace

ChatAnswer ChatService::chat(const ChatMessage& message) {
  const Appended question = store_question(message);
  std::optional<Appended> answer;
  if (question.duplicate) answer = find_answer(question.event);
  if (!answer) answer = answer_question(question);
  return {.response = text_of(answer->event),
          .conversation_id = message.conversation_id,
          .message_id = answer->event.id,
          .user_message_id = question.event.id,
          .duplicate = answer->duplicate};
}

Appended ChatService::stream(const ChatMessage& message, ReplyListener& listener) {
  const Appended question = store_question(message);
  listener.on_question(question.event);
  if (question.duplicate) {
    if (auto answer = find_answer(question.event)) return std::move(*answer);
  }
  return stream_answer(question.event, listener);
}

Appended ChatService::store_question(const ChatMessage& message) {
  Appended stored = repository_.add_event({.conversation_id = message.conversation_id,
                                           .type = EventType::kUserMessage,
                                           .role = history::Role::kUser,
                                           .content = history::Content::text(message.message),
                                           .extra = extra_of(message),
                                           .request_id = message.request_id});
  check_type(stored.event, EventType::kUserMessage);
  return stored;
}

std::optional<Appended> ChatService::find_answer(const Event& question) {
  auto known = repository_.find_by_request(question.conversation_id, reply_request(question));
  if (!known) return std::nullopt;
  check_type(*known, EventType::kAssistantMessage);
  return Appended{std::move(*known), true};
}

Appended ChatService::answer_question(const Appended& question) {
  std::string text;
  assistant_.reply(context_of(question.event), text_of(question.event),
                   [&text](std::string_view piece) { text += piece; });
  // A question that was asked before may have left pieces of an answer behind.
  if (question.duplicate) return store_compacted(question.event, std::move(text), question.event.seq);
  NewEvent reply{.conversation_id = question.event.conversation_id, .type = EventType::kAssistantMessage};
  reply.role = history::Role::kAssistant;
  reply.content = history::Content::text(std::move(text));
  reply.model = std::string(assistant_.name());
  reply.extra = extra_of_answer(question.event);
  reply.request_id = reply_request(question.event);
  Appended stored = repository_.add_event(reply);
  check_type(stored.event, EventType::kAssistantMessage);
  return stored;
}

Appended ChatService::stream_answer(const Event& question, ReplyListener& listener) {
  DeltaLog deltas(repository_, clock_, {question.conversation_id, name_of(question)});
  std::string text;
  assistant_.reply(context_of(question), text_of(question), [&](std::string_view piece) {
    text += piece;
    listener.on_piece(piece);
    deltas.add(piece);
  });
  return store_compacted(question, std::move(text), deltas.start_before(question.seq));
}

Appended ChatService::store_compacted(const Event& question, std::string text, history::Seq after_seq) {
  Appended stored = repository_.compact_reply({.conversation_id = question.conversation_id,
                                               .user_request = name_of(question),
                                               .content = history::Content::text(std::move(text)),
                                               .model = std::string(assistant_.name()),
                                               .request_id = reply_request(question),
                                               .modality = modality_of(question),
                                               .after_seq = after_seq});
  check_type(stored.event, EventType::kAssistantMessage);
  return stored;
}

std::vector<Event> ChatService::context_of(const Event& question) {
  std::vector<Event> context = repository_.events({.conversation_id = question.conversation_id,
                                                   .before_seq = question.seq + 1,
                                                   .limit = context_messages_});
  std::erase_if(context, is_delta);
  return context;
}

}  // namespace weir::service
