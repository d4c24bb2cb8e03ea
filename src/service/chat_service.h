#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "weir/history/chat_repository.h"
#include "weir/service/assistant.h"

namespace weir::service {

struct ChatMessage {
  history::ConversationId conversation_id;
  std::string message;
  std::optional<history::RequestId> request_id{};
  std::optional<std::string> modality{};  ///< as `chat` or `voice`; kept in `extra` of message and answer
};

struct ChatAnswer {
  std::string response;
  history::ConversationId conversation_id;
  history::EventId message_id;  ///< of the stored answer
  history::EventId user_message_id;
  bool duplicate = false;  ///< the request was answered before
};

/// Answers chat messages: stores the message, asks the assistant, stores its answer.
///
/// The answer's own request_id names the message it answers, so calls that race for one message store one
/// answer, and a call that broke off between the two is finished by its repetition.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Lifetime: repository and assistant outlive it.
/// Blocking: as they do.
/// Errors: history::Error from the repository; kConflict when the request_id names what is no chat message.
class ChatService {
 public:
  ChatService(history::ChatRepository& repository, Assistant& assistant, std::size_t context_messages)
      : repository_(repository), assistant_(assistant), context_messages_(context_messages) {}

  ChatAnswer chat(const ChatMessage& message);

 private:
  history::Appended store_question(const ChatMessage& message);
  std::optional<history::Appended> find_answer(const history::Event& question);
  history::Appended answer_question(const history::Event& question);
  std::vector<history::Event> context_of(const history::Event& question);

  history::ChatRepository& repository_;
  Assistant& assistant_;
  const std::size_t context_messages_;
};

}  // namespace weir::service
