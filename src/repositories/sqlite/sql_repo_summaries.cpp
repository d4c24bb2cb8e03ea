#include "weir/repositories/sqlite/context_reads.h"
#include "weir/repositories/sqlite/sql_repo.h"
#include "weir/repositories/sqlite/summary_writes.h"

namespace weir::repositories::sqlite {

using namespace history;

ContextSource SqlRepo::context_source(const ConversationId& conversation_id, const Verbatim& verbatim,
                                      const CallOptions& options) {
  return read<ContextSource>(Operation::kContextSource, options, [&](Connection& connection) {
    return read_context_source(connection, conversation_id, verbatim);
  });
}

std::optional<Summary> SqlRepo::store_summary(const ConversationId& conversation_id,
                                              const NewSummary& summary, const CallOptions& options) {
  return write<std::optional<Summary>>(
      Operation::kStoreSummary, options, {Repeat::kSafe, summary.summary.text.size()},
      [&](const WriteScope& scope) { return sqlite::store_summary(scope, conversation_id, summary); });
}

std::vector<Summary> SqlRepo::summaries(const ConversationId& conversation_id, const CallOptions& options) {
  return read<std::vector<Summary>>(Operation::kSummaries, options, [&](Connection& connection) {
    return read_summaries(connection, conversation_id);
  });
}

bool SqlRepo::clear_summaries(const ConversationId& conversation_id, const CallOptions& options) {
  return write<bool>(Operation::kClearSummaries, options, {Repeat::kSafe, 0}, [&](const WriteScope& scope) {
    return sqlite::clear_summaries(scope.connection, conversation_id);
  });
}

}  // namespace weir::repositories::sqlite
