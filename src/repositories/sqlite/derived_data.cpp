#include "weir/repositories/sqlite/derived_data.h"

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
}

void before_delete_all(Connection& connection) {
  connection.statements().summaries.remove_all.run().execute();
}

void after_insert_between(Connection& connection, std::int64_t conversation, history::Seq seq) {
  remove_summaries(connection, {conversation, seq, seq});
}

}  // namespace weir::repositories::sqlite
