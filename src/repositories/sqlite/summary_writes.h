#pragma once

#include <optional>

#include "weir/history/memory.h"
#include "weir/repositories/sqlite/write_scope.h"

namespace weir::repositories::sqlite {

// What SummaryRepository's writes ask of a connection. Errors: SqliteError.

std::optional<history::Summary> store_summary(const WriteScope& scope,
                                              const history::ConversationId& conversation_id,
                                              const history::NewSummary& summary);
bool clear_summaries(Connection& connection, const history::ConversationId& conversation_id);

}  // namespace weir::repositories::sqlite
