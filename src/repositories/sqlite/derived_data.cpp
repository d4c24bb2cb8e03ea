#include "weir/repositories/sqlite/derived_data.h"

#include "weir/repositories/sqlite/search_index.h"

namespace weir::repositories::sqlite {
namespace {

void remove_summaries(Connection& connection, const EventSpan& events) {
  connection.statements()
      .summaries.remove_overlapping.run()
      .bind(events.conversation)
      .bind(events.first)
      .bind(events.last)
      .execute();
}

}  // namespace

void before_delete(Connection& connection, const EventSpan& events) {
  remove_summaries(connection, events);
  unindex(connection, events.conversation, events.first, events.last);
}

void before_hide(Connection& connection, std::int64_t conversation) {
  give_back_activity(connection, conversation);
}

void before_hide_all(Connection& connection) {
  give_back_all_activity(connection);
}

void after_last_removed(Connection& connection, std::int64_t conversation) {
  remove_summaries(connection, {conversation, 1, history::kMaxSeq});
  forget_progress(connection, conversation);
}

void after_insert_between(Connection& connection, std::int64_t conversation, history::Seq seq) {
  remove_summaries(connection, {conversation, seq, seq});
  index_inserted(connection, conversation, seq);
}

}  // namespace weir::repositories::sqlite
