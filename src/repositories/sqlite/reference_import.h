#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "weir/history/uuid.h"
#include "weir/repositories/sqlite/event_row.h"
#include "weir/repositories/sqlite/reference_mapping.h"
#include "weir/repositories/sqlite/reference_source.h"
#include "weir/repositories/sqlite/transaction.h"

namespace weir::repositories::sqlite {

/// What a database that was brought over holds.
struct ReferenceCounts {
  std::int64_t conversations = 0;
  std::int64_t events = 0;
  std::int64_t summaries = 0;
};

/// Fills a new weir database from one of the reference service: first the events, conversation by
/// conversation, then what is known of conversations, then summaries, which name messages.
///
/// Thread-safety: one thread at a time. Lifetime: of all references, longer than it.
/// Errors: SqliteError; history::Error, kDamaged when the new database does not hold what it should. Then the
/// new database is of no use.
class ReferenceImport {
 public:
  using Progress = std::function<void(std::int64_t events)>;

  ReferenceImport(ReferenceSource& source, Connection& target, ReferenceChanges& changes, Progress progress);

  ReferenceCounts run();

 private:
  void import_conversation(ReferenceSource::Conversation& conversation);
  void note_order(const ReferenceKey& key, history::Seq seq, std::optional<std::int64_t> seq_before);
  void import_event(const ReferenceKey& key, const ReferenceTarget& target);
  void import_conversation_row(const ReferenceSource::ConversationRow& row);
  void set_title(std::int64_t number, const ReferenceSource::ConversationRow& row);
  void import_summary(const ReferenceSource::SummaryRow& row);
  bool store_summary(const ReferenceSource::SummaryRow& row, Place first, Place last);
  std::optional<Place> place_of_message(const ReferenceValue& id);
  history::ConversationId name_for(const ReferenceValue& name, const ReferencePlace& from);
  history::Timestamp time_in(const ReferenceValue& value, std::string_view kind, const ReferencePlace& from);
  void check_result();
  /// Ends the transaction now and then: one of a million rows would all have to stand in the log.
  void count_row();

  ReferenceSource& source_;
  Connection& target_;
  ReferenceChanges& changes_;
  const Progress progress_;
  ReferenceTargetStatements statements_;
  ReferenceMapper mapper_;
  history::UuidV7Generator ids_;
  std::optional<WriteTransaction> transaction_;
  ReferenceCounts counts_;
  history::Timestamp time_before_{};
  std::map<ReferenceValue, std::string> assigned_names_;  // of conversations whose own are not allowed
  std::map<std::int64_t, std::string> assigned_ids_;      // of messages, by rowid
};

}  // namespace weir::repositories::sqlite
