#include "weir/repositories/sqlite/summary_row.h"

namespace weir::repositories::sqlite {

using namespace history;

Summary read_summary(const Statement::Run& row) {
  return {.first_seq = row.integer(0),
          .last_seq = row.integer(1),
          .message_count = row.integer(2),
          .text = std::string(row.text(3)),
          .created_at = Timestamp(std::chrono::microseconds(row.integer(4)))};
}

StoredSummary read_stored_summary(const Statement::Run& row) {
  return {read_summary(row), row.integer(5) != 0 ? BatchFill::kFull : BatchFill::kShorter};
}

}  // namespace weir::repositories::sqlite
