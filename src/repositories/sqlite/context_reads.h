#pragma once

#include <vector>

#include "weir/history/memory.h"
#include "weir/repositories/sqlite/connection.h"

namespace weir::repositories::sqlite {

// What SummaryRepository's reads ask of a connection; each is one snapshot. Errors: SqliteError.

history::ContextSource read_context_source(Connection& connection,
                                           const history::ConversationId& conversation_id,
                                           const history::Verbatim& verbatim);
std::vector<history::Summary> read_summaries(Connection& connection,
                                             const history::ConversationId& conversation_id);

}  // namespace weir::repositories::sqlite
