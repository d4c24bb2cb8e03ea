#include "weir/repositories/sqlite/summary_writes.h"

#include "weir/repositories/sqlite/conversation_head.h"
#include "weir/repositories/sqlite/event_row.h"
#include "weir/repositories/sqlite/summary_row.h"

namespace weir::repositories::sqlite {

using namespace history;

namespace {

/// Whether the messages that a summary was made from are those that are stored.
bool covers_what_is_stored(Connection& connection, std::int64_t conversation, const NewSummary& made) {
  auto run = connection.statements().summaries.covered.run();
  run.bind(place_of(conversation, made.summary.first_seq))
      .bind(place_of(conversation, made.summary.last_seq));
  return run.step() && run.integer(0) == made.summary.message_count &&
         run.text(1) == made.first_event.value() && run.text(2) == made.last_event.value();
}

std::optional<Summary> find_summary(Connection& connection, std::int64_t conversation,
                                    const NewSummary& made) {
  auto run = connection.statements().summaries.find.run();
  run.bind(conversation).bind(made.summary.first_seq).bind(std::int64_t{made.fill == BatchFill::kFull});
  if (!run.step()) return std::nullopt;
  return read_summary(run);
}

}  // namespace

std::optional<Summary> store_summary(const WriteScope& scope, const ConversationId& conversation_id,
                                     const NewSummary& made) {
  SummaryStatements& statements = scope.connection.statements().summaries;
  const auto head = find_head(scope.connection, conversation_id);
  if (!head || !covers_what_is_stored(scope.connection, head->number, made)) return std::nullopt;
  const auto known = find_summary(scope.connection, head->number, made);
  if (known && known->last_seq == made.summary.last_seq) return known;
  Summary stored = made.summary;
  stored.created_at = scope.now;
  statements.put.run()
      .bind(head->number)
      .bind(stored.first_seq)
      .bind(std::int64_t{made.fill == BatchFill::kFull})
      .bind(stored.last_seq)
      .bind(stored.message_count)
      .bind(stored.text)
      .bind(stored.created_at.time_since_epoch().count())
      .execute();
  if (made.fill == BatchFill::kFull) {
    statements.remove_shorter.run().bind(head->number).bind(stored.first_seq).execute();
  }
  return stored;
}

bool clear_summaries(Connection& connection, const ConversationId& conversation_id) {
  const auto head = find_head(connection, conversation_id);
  if (!head) return false;
  connection.statements()
      .summaries.remove_overlapping.run()
      .bind(head->number)
      .bind(Seq{0})
      .bind(kMaxSeq)
      .execute();
  return true;
}

}  // namespace weir::repositories::sqlite
