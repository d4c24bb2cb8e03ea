#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "weir/history/repository.h"

namespace weir::testing {

/// What a repository holds, as far as the promises of its interface go, written down without a database.
struct ChatModel {
  struct Message {
    history::Seq seq;
    history::EventType type;
    std::string text;
    std::string request;  ///< empty: none
    std::string answers;  ///< extra.user_request_id; empty: none

    friend auto operator<=>(const Message&, const Message&) = default;
  };
  struct Conversation {
    std::string title;
    history::Seq last_seq = 0;
    std::vector<Message> messages;

    friend auto operator<=>(const Conversation&, const Conversation&) = default;
  };

  std::map<std::string, Conversation> conversations;

  friend auto operator<=>(const ChatModel&, const ChatModel&) = default;

  /// All of it, a line for each message; the same text as described(repo) gives.
  std::string text() const;
};

/// What `repo` holds, as ChatModel::text() writes it.
std::string described(history::Repository& repo);

/// One step of a program: what it asks of a repository, and what it does to the model. Both answer in words.
struct ChatStep {
  enum class Kind { kRead, kWrite };

  std::string name;
  Kind kind;
  std::function<std::string(history::Repository&)> ask;
  std::function<std::string(ChatModel&)> expect;
};

/// The steps, each for one conversation.
ChatStep add_step(const history::NewEvent& event);
ChatStep add_all_step(const std::vector<history::NewEvent>& events);
ChatStep put_step(const std::string& conversation, const std::string& title);
ChatStep compact_step(const std::string& conversation, const std::string& user_request);
ChatStep remove_last_step(const std::string& conversation);
ChatStep delete_step(const std::string& conversation);
ChatStep read_step(const std::string& conversation);

/// A piece of a streamed reply to the request of that name.
history::NewEvent delta_of(const std::string& conversation, const std::string& user_request,
                           const std::string& text);

}  // namespace weir::testing
