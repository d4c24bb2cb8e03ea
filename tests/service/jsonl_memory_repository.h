#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "weir/history/chat_repository.h"
#include "weir/history/error.h"

namespace weir::testing {

/// What import and export ask of a repository, in memory: events are kept as given, without a judgement on
/// them. Every other call is a bug in what is tested.
class MemoryRepository final : public history::ChatRepository {
 public:
  using CallOptions = history::CallOptions;
  using ConversationId = history::ConversationId;

  std::vector<history::ImportResult> import_events(const std::vector<history::ImportedEvent>& events,
                                                   const CallOptions&) override {
    chunk_sizes.push_back(events.size());
    std::vector<history::ImportResult> results;
    for (const history::ImportedEvent& event : events) results.push_back(import_one(event.event));
    return results;
  }

  std::vector<history::Event> events(const history::EventRange& range, const CallOptions&) override {
    std::vector<history::Event> found;
    for (const auto& [seq, event] : stored[range.conversation_id]) {
      if (seq > range.after_seq.value_or(0) && found.size() < range.limit.value()) found.push_back(event);
    }
    return found;
  }

  void read_events(const history::EventRange& range, history::EventSink& sink,
                   const CallOptions& options) override {
    sink.restart();
    for (const history::Event& event : events(range, options)) sink.take(history::view_of(event));
  }

  std::vector<ConversationId> conversation_ids(const std::optional<ConversationId>& after, std::size_t limit,
                                               const CallOptions&) override {
    std::vector<ConversationId> ids;
    for (auto next = after ? stored.upper_bound(*after) : stored.begin();
         next != stored.end() && ids.size() < limit; ++next) {
      ids.push_back(next->first);
    }
    return ids;
  }

  void add(const std::string& conversation, history::Seq seq) {
    history::Event event{.id = history::EventId(conversation + "-" + std::to_string(seq)),
                         .conversation_id = ConversationId(conversation),
                         .seq = seq};
    stored[event.conversation_id].insert_or_assign(seq, std::move(event));
  }

  [[noreturn]] static void unexpected() { throw std::logic_error("not asked of import or export"); }

  void open(const CallOptions&) override { unexpected(); }
  history::Appended add_event(const history::NewEvent&, const CallOptions&) override { unexpected(); }
  std::vector<history::Appended> add_events(const std::vector<history::NewEvent>&,
                                            const CallOptions&) override {
    unexpected();
  }
  history::TokenWindow recent_within_tokens(const ConversationId&, std::int64_t,
                                            const CallOptions&) override {
    unexpected();
  }
  std::optional<history::Event> find_event(const history::EventId&, const CallOptions&) override {
    unexpected();
  }
  std::optional<history::Event> find_by_request(const ConversationId&, const history::RequestId&,
                                                const CallOptions&) override {
    unexpected();
  }
  bool exists(const history::EventId&, const CallOptions&) override { unexpected(); }
  history::ConversationPage list_conversations(const history::ConversationQuery&,
                                               const CallOptions&) override {
    unexpected();
  }
  std::optional<history::EventId> last_assistant_reply(const ConversationId&, const history::RequestId&,
                                                       const CallOptions&) override {
    unexpected();
  }
  history::PutConversation put_conversation(const ConversationId&, const std::optional<std::string>&,
                                            const CallOptions&) override {
    unexpected();
  }
  std::optional<history::Conversation> find_conversation(const ConversationId&, const CallOptions&) override {
    unexpected();
  }
  std::vector<history::Event> recent_messages(const ConversationId&, std::size_t,
                                              const CallOptions&) override {
    unexpected();
  }
  history::Appended compact_reply(const history::ReplyCompaction&, const CallOptions&) override {
    unexpected();
  }
  bool remove_last_event(const ConversationId&, const CallOptions&) override { unexpected(); }
  bool delete_conversation(const ConversationId&, const CallOptions&) override { unexpected(); }
  std::int64_t clear_all(const CallOptions&) override { unexpected(); }
  history::RepositoryStats stats() const override { unexpected(); }
  history::RepositoryHealth health() const override { unexpected(); }
  history::RepositoryInfo info() const override { unexpected(); }

  std::map<ConversationId, std::map<history::Seq, history::Event>> stored;
  std::vector<std::size_t> chunk_sizes;
  /// What import_events answers an event with this seq; every other one is imported.
  std::map<history::Seq, history::ImportResult> answers;
  bool fails = false;

 private:
  history::ImportResult import_one(const history::NewEvent& event) {
    if (fails) throw history::Error(history::ErrorCode::kStorageFull, "the disk is full");
    const auto answer = answers.find(event.seq.value_or(0));
    return answer == answers.end() ? history::ImportResult{} : answer->second;
  }
};

}  // namespace weir::testing
