#pragma once

#include <optional>
#include <string>
#include <vector>

#include "weir/history/chat_repository.h"
#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/event_row.h"
#include "weir/repositories/sqlite/write_scope.h"

namespace weir::repositories::sqlite {

/// What ChatRepository's writes ask of a connection that stands in a write transaction.
///
/// Thread-safety: one thread at a time. Lifetime: within the transaction.
/// Errors: SqliteError; history::Error as ChatRepository says. Then the transaction is to be rolled back.
class EventWriter {
 public:
  explicit EventWriter(const WriteScope& scope) : scope_(scope), connection_(scope.connection) {}

  history::Appended add(const history::NewEvent& event);
  std::vector<history::Appended> add_all(const std::vector<history::NewEvent>& events);
  std::vector<history::ImportResult> import_all(const std::vector<history::ImportedEvent>& events);
  history::Appended compact_reply(const history::ReplyCompaction& reply);
  bool remove_last(const history::ConversationId& conversation_id);

 private:
  enum class GivenSeq { kMustBeNext, kMayBeAnyAbove };
  history::Seq choose_seq(const history::NewEvent& event, history::Seq last_seq, GivenSeq rule) const;
  history::Event append(const history::NewEvent& event, GivenSeq rule);
  /// Puts it where others stand behind it.
  history::Appended put_between(const history::NewEvent& event, const ConversationHead& head,
                                history::Seq seq);
  void advance(std::int64_t conversation_number, history::Seq last_seq,
               const std::optional<std::string>& title);
  std::optional<history::Event> event_at(Place place, const history::ConversationId& conversation_id);
  history::Event insert(const history::NewEvent& event, std::int64_t conversation_number, history::Seq seq);
  void require_free_id(const history::NewEvent& event);

  history::ImportResult import(const history::ImportedEvent& event);
  std::optional<history::Event> find_named(const history::NewEvent& event);
  std::optional<history::Event> find_at(const history::ConversationId& conversation_id, history::Seq seq);

  const WriteScope scope_;
  Connection& connection_;
};

}  // namespace weir::repositories::sqlite
