#pragma once

#include "weir/history/memory.h"
#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

struct StoredSummary {
  history::Summary summary;
  history::BatchFill fill;
};

/// The summary in a row that begins with first_seq, last_seq, message_count, text and created_at.
history::Summary read_summary(const Statement::Run& row);

/// One of SummaryStatements::of_conversation.
StoredSummary read_stored_summary(const Statement::Run& row);

}  // namespace weir::repositories::sqlite
