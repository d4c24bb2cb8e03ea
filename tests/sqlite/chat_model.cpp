#include "sqlite/chat_model.h"

#include <algorithm>

#include "weir/history/title.h"

namespace weir::testing {

using namespace history;

namespace {

std::string to_text(const std::string& conversation, const ChatModel::Message& message) {
  return conversation + " " + std::to_string(message.seq) + " " +
         std::string(history::to_string(message.type)) + " " + message.text + " " + message.request + " " +
         message.answers + "\n";
}

std::string to_text(const std::string& id, const ChatModel::Conversation& conversation) {
  std::string text = id + " \"" + conversation.title + "\" " + std::to_string(conversation.last_seq) + " " +
                     std::to_string(conversation.messages.size()) + "\n";
  for (const auto& message : conversation.messages) text += to_text(id, message);
  return text;
}

/// The value of `user_request_id` in an extra that holds nothing else of interest.
std::string answered(const std::string& extra) {
  static const std::string key = "\"user_request_id\":\"";
  const auto at = extra.find(key);
  if (at == std::string::npos) return {};
  const auto begin = at + key.size();
  return extra.substr(begin, extra.find('"', begin) - begin);
}

ChatModel::Message to_message(const Event& event) {
  return {event.seq, event.type, event.content ? event.content->raw() : "",
          event.request_id ? event.request_id->value() : "", answered(event.extra.text())};
}

std::string as_answer(const ChatModel::Message& message) {
  return std::to_string(message.seq) + " " + message.text;
}

std::string add_to(ChatModel& model, const NewEvent& event) {
  auto& conversation = model.conversations[event.conversation_id.value()];
  const std::string request = event.request_id ? event.request_id->value() : "";
  const auto stored = std::ranges::find(conversation.messages, request, &ChatModel::Message::request);
  if (!request.empty() && stored != conversation.messages.end()) return as_answer(*stored) + " again";
  const std::string text = event.content->raw();
  if (conversation.title.empty() && event.type == EventType::kUserMessage) {
    conversation.title = title_from(text).value_or("");
  }
  conversation.messages.push_back(
      {++conversation.last_seq, event.type, text, request, event.extra ? answered(event.extra->text()) : ""});
  return as_answer(conversation.messages.back());
}

std::string as_answer(const Appended& appended) {
  return as_answer(to_message(appended.event)) + (appended.duplicate ? " again" : "");
}

NewEvent reply_to(const std::string& conversation, const std::string& user_request) {
  NewEvent reply{ConversationId(conversation), EventType::kAssistantMessage};
  reply.role = Role::kAssistant;
  reply.content = Content::text("reply to " + user_request);
  reply.extra = JsonText::parse(R"({"user_request_id":")" + user_request + R"("})");
  return reply;
}

std::string compact_in(ChatModel& model, const std::string& id, const std::string& user_request) {
  using Message = ChatModel::Message;
  auto& conversation = model.conversations[id];
  auto& messages = conversation.messages;
  const auto is_delta = [&](const Message& message) {
    return message.type == EventType::kMeta && message.answers == user_request;
  };
  const auto first = std::ranges::find_if(messages, is_delta);
  const Seq seq = first == messages.end() ? 0 : first->seq;
  std::erase_if(messages, is_delta);
  const auto reply = std::ranges::find_if(messages, [&](const Message& message) {
    return message.type == EventType::kAssistantMessage && message.answers == user_request;
  });
  if (reply != messages.end()) return as_answer(*reply) + " again";
  if (seq == 0) return add_to(model, reply_to(id, user_request));
  const auto place = std::ranges::upper_bound(messages, seq, {}, &Message::seq);
  return as_answer(*messages.insert(
      place, {seq, EventType::kAssistantMessage, "reply to " + user_request, "", user_request}));
}

std::string remove_last_in(ChatModel& model, const std::string& id) {
  const auto found = model.conversations.find(id);
  if (found == model.conversations.end() || found->second.messages.empty()) return "false";
  found->second.last_seq = found->second.messages.back().seq - 1;
  found->second.messages.pop_back();
  return "true";
}

std::string read_from(Repository& repo, const std::string& id) {
  std::string text;
  for (const Event& event : repo.events({ConversationId(id)})) text += to_text(id, to_message(event));
  return text;
}

std::string read_from(const ChatModel& model, const std::string& id) {
  std::string text;
  const auto found = model.conversations.find(id);
  if (found == model.conversations.end()) return text;
  for (const auto& message : found->second.messages) text += to_text(id, message);
  return text;
}

}  // namespace

std::string ChatModel::text() const {
  std::string text;
  for (const auto& [id, conversation] : conversations) text += to_text(id, conversation);
  return text;
}

std::string described(Repository& repo) {
  constexpr std::size_t kAll = 100;
  ChatModel found;
  for (const ConversationId& id : repo.conversation_ids(std::nullopt, kAll)) {
    const auto conversation = repo.find_conversation(id);
    if (!conversation) return id.value() + " is in the list and cannot be found";
    auto& written = found.conversations[id.value()];
    written.title = conversation->title.value_or("");
    written.last_seq = conversation->last_seq;
    for (const Event& event : repo.events({id})) written.messages.push_back(to_message(event));
    if (conversation->event_count != static_cast<std::int64_t>(written.messages.size())) {
      return id.value() + " has another number of events than it says";
    }
  }
  return found.text();
}

NewEvent delta_of(const std::string& conversation, const std::string& user_request, const std::string& text) {
  NewEvent delta{ConversationId(conversation), EventType::kMeta};
  delta.content = Content::text(text);
  delta.extra = JsonText::parse(R"({"kind":"assistant_delta","user_request_id":")" + user_request + R"("})");
  return delta;
}

ChatStep add_step(const NewEvent& event) {
  return {"add to " + event.conversation_id.value(), ChatStep::Kind::kWrite,
          [=](Repository& repo) { return as_answer(repo.add_event(event)); },
          [=](ChatModel& model) { return add_to(model, event); }};
}

ChatStep add_all_step(const std::vector<NewEvent>& events) {
  return {"add " + std::to_string(events.size()) + " to " + events.front().conversation_id.value(),
          ChatStep::Kind::kWrite,
          [=](Repository& repo) {
            std::string answer;
            for (const Appended& appended : repo.add_events(events)) answer += as_answer(appended) + "; ";
            return answer;
          },
          [=](ChatModel& model) {
            std::string answer;
            for (const NewEvent& event : events) answer += add_to(model, event) + "; ";
            return answer;
          }};
}

ChatStep put_step(const std::string& conversation, const std::string& title) {
  return {"name " + conversation, ChatStep::Kind::kWrite,
          [=](Repository& repo) {
            return std::to_string(repo.put_conversation(ConversationId(conversation), title).created);
          },
          [=](ChatModel& model) {
            const bool is_new = !model.conversations.contains(conversation);
            model.conversations[conversation].title = title;
            return std::to_string(is_new);
          }};
}

ChatStep compact_step(const std::string& conversation, const std::string& user_request) {
  return {"compact in " + conversation, ChatStep::Kind::kWrite,
          [=](Repository& repo) {
            return as_answer(repo.compact_reply({.conversation_id = ConversationId(conversation),
                                                 .user_request = RequestId(user_request),
                                                 .content = Content::text("reply to " + user_request)}));
          },
          [=](ChatModel& model) { return compact_in(model, conversation, user_request); }};
}

ChatStep remove_last_step(const std::string& conversation) {
  return {"remove the last of " + conversation, ChatStep::Kind::kWrite,
          [=](Repository& repo) {
            return repo.remove_last_event(ConversationId(conversation)) ? "true" : "false";
          },
          [=](ChatModel& model) { return remove_last_in(model, conversation); }};
}

ChatStep delete_step(const std::string& conversation) {
  return {"delete " + conversation, ChatStep::Kind::kWrite,
          [=](Repository& repo) {
            return repo.delete_conversation(ConversationId(conversation)) ? "true" : "false";
          },
          [=](ChatModel& model) { return model.conversations.erase(conversation) > 0 ? "true" : "false"; }};
}

ChatStep read_step(const std::string& conversation) {
  return {"read " + conversation, ChatStep::Kind::kRead,
          [=](Repository& repo) { return read_from(repo, conversation); },
          [=](ChatModel& model) { return read_from(model, conversation); }};
}

}  // namespace weir::testing
