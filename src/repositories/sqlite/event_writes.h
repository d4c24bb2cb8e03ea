#pragma once

#include <optional>
#include <vector>

#include "weir/history/chat_repository.h"
#include "weir/history/uuid.h"
#include "weir/repositories/sqlite/connection.h"
#include "weir/repositories/sqlite/event_row.h"

namespace weir::repositories::sqlite {

/// What ChatRepository's writes ask of a connection that stands in a write transaction.
///
/// Thread-safety: one thread at a time. Lifetime: within the transaction.
/// Errors: SqliteError; history::Error as ChatRepository says. Then the transaction is to be rolled back.
class EventWriter {
 public:
  EventWriter(Connection& connection, history::UuidV7Generator& ids, history::Timestamp now)
      : connection_(connection), ids_(ids), now_(now) {}

  history::Appended add(const history::NewEvent& event);
  std::vector<history::Appended> add_all(const std::vector<history::NewEvent>& events);
  std::vector<history::ImportResult> import_all(const std::vector<history::ImportedEvent>& events);
  bool remove_last(const history::ConversationId& conversation_id);
  bool delete_conversation(const history::ConversationId& conversation_id);
  std::int64_t clear_all();

 private:
  enum class GivenSeq { kMustBeNext, kMayBeAnyAbove };
  struct Head {
    std::int64_t number;
    history::Seq last_seq;
  };

  std::optional<Head> find_head(const history::ConversationId& conversation_id);
  Head find_or_insert_head(const history::ConversationId& conversation_id);
  history::Seq choose_seq(const history::NewEvent& event, history::Seq last_seq, GivenSeq rule) const;
  history::Event append(const history::NewEvent& event, GivenSeq rule);
  void require_free_id(const history::NewEvent& event);
  std::int64_t count_events();

  history::ImportResult import(const history::ImportedEvent& event);
  std::optional<history::Event> find_named(const history::NewEvent& event);
  std::optional<history::Event> find_at(const history::ConversationId& conversation_id, history::Seq seq);

  Connection& connection_;
  history::UuidV7Generator& ids_;
  const history::Timestamp now_;
};

}  // namespace weir::repositories::sqlite
