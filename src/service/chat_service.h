#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "weir/history/chat_repository.h"
#include "weir/repositories/clock.h"
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

/// Is told how the answer to a message comes along, in this order, on the thread that asked.
class ReplyListener {
 public:
  ReplyListener() = default;
  ReplyListener(const ReplyListener&) = delete;
  ReplyListener& operator=(const ReplyListener&) = delete;
  virtual ~ReplyListener() = default;

  /// The message is stored; once.
  virtual void on_question(const history::Event& question) = 0;
  /// The answer goes on with `piece`.
  virtual void on_piece(std::string_view piece) = 0;
};

/// Answers chat messages: stores the message, asks the assistant, stores its answer.
///
/// The answer's own request_id names the message it answers, so calls that race for one message store one
/// answer, and a call that broke off between the two is finished by its repetition.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Lifetime: repository, assistant and clock outlive it.
/// Blocking: as they do.
/// Errors: history::Error from the repository; kConflict when the request_id names what is no chat message.
class ChatService {
 public:
  ChatService(history::ChatRepository& repository, Assistant& assistant, const repositories::Clock& clock,
              std::size_t context_messages)
      : repository_(repository), assistant_(assistant), clock_(clock), context_messages_(context_messages) {}

  ChatAnswer chat(const ChatMessage& message);

  /// As chat(), and `listener` hears of it as it comes; what is said is stored meanwhile, see DeltaLog, and
  /// in the end replaced by the answer. Of an answer that was stored before there are no pieces.
  history::Appended stream(const ChatMessage& message, ReplyListener& listener);

 private:
  history::Appended store_question(const ChatMessage& message);
  std::optional<history::Appended> find_answer(const history::Event& question);
  history::Appended answer_question(const history::Appended& question);
  history::Appended stream_answer(const history::Event& question, ReplyListener& listener);
  /// In the place of the deltas that stand behind `after_seq`.
  history::Appended store_compacted(const history::Event& question, std::string text, history::Seq after_seq);
  /// Pieces of replies are no context: the limit is what is read, so there may be fewer.
  std::vector<history::Event> context_of(const history::Event& question);

  history::ChatRepository& repository_;
  Assistant& assistant_;
  const repositories::Clock& clock_;
  const std::size_t context_messages_;
};

}  // namespace weir::service
